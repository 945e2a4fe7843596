import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A mail server that keeps what it is given. */
export class MailServer {
  readonly #server: Server;
  /** The mails as they came, headers and text. */
  readonly mails: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<MailServer> {
    const server = createServer((socket) => mail.#talk(socket));
    const mail = new MailServer(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  #talk(socket: Socket): void {
    let [buffer, inData] = ["", false];
    socket.on("error", () => socket.destroy());
    socket.write("220 test\r\n");
    socket.on("data", (part) => {
      buffer += part.toString("utf8");
      for (;;) {
        const end = buffer.indexOf(inData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const said = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          this.mails.push(said);
          inData = false;
          socket.write("250 taken\r\n");
        } else {
          const word = said.slice(0, 4).toUpperCase();
          inData = word === "DATA";
          socket.write(inData ? "354 go on\r\n" : word === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        }
      }
    });
  }
}
