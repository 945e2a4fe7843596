import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What came for a browser, as the browser reads it. */
export interface Pushed {
  message: Record<string, unknown>;
  text: string;
  topic: string;
}

/**
 * A push service on this machine (RFC 8030) with one browser behind it. It looks at the signature of whoever sends (RFC
 * 8292) and decrypts as the browser does (RFC 8291).
 */
export class PushService {
  readonly #keys: ECDH = createECDH("prime256v1");
  readonly #auth = randomBytes(16);
  readonly #server: Server;
  /** What came so far. */
  readonly pushed: Pushed[] = [];

  private constructor() {
    this.#keys.generateKeys();
    this.#server = createServer((request, response) => {
      this.#take(request).then(
        () => response.writeHead(201).end(),
        (error: Error) => response.writeHead(400).end(error.message),
      );
    });
  }

  static async start(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((done) => service.#server.listen(0, "127.0.0.1", done));
    return service;
  }

  stop(): Promise<unknown> {
    return new Promise((done) => this.#server.close(done));
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the browser hands out. */
  get subscription() {
    return {
      endpoint: `http://${this.host}/browser`,
      expirationTime: null,
      keys: {
        p256dh: this.#keys.getPublicKey().toString("base64url"),
        auth: this.#auth.toString("base64url"),
      },
    };
  }

  async #take(request: IncomingMessage): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    checkSignature(String(request.headers.authorization), `http://${this.host}`);
    if (request.headers["content-encoding"] !== "aes128gcm") throw new Error("another encoding");
    const text = this.#decrypt(Buffer.concat(parts));
    this.pushed.push({ text, message: JSON.parse(text), topic: String(request.headers.topic) });
  }

  #decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const keyLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + keyLength);
    const sealed = body.subarray(21 + keyLength);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#keys.getPublicKey(), sender]);
    const derive = (key: Buffer, salt: Buffer, info: Buffer | string, length: number) =>
      Buffer.from(hkdfSync("sha256", key, salt, info, length));
    const input = derive(this.#keys.computeSecret(sender), this.#auth, info, 32);
    const key = derive(input, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = derive(input, salt, "Content-Encoding: nonce\0", 12);
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }
}

function checkSignature(authorization: string, audience: string): void {
  const [, token = "", key = ""] = /^vapid t=(\S+), k=(\S+)$/.exec(authorization) ?? [];
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const part = (from: number, to: number) => point.subarray(from, to).toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: part(1, 33), y: part(33, 65) };
  const signer = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" as const };
  const right = verify("sha256", Buffer.from(`${head}.${claims}`), signer, Buffer.from(signature, "base64url"));
  const said = JSON.parse(Buffer.from(claims, "base64url").toString());
  if (!right || said.aud !== audience) throw new Error("a wrong signature");
}
