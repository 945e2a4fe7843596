import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A mail server that keeps what it is given. */
export class MailServer {
  readonly #server: SMTPServer;
  /** The mails as they came, headers and text. */
  readonly mails: string[] = [];
  /** Whom each of them was for, as the server was told. */
  readonly recipients: string[][] = [];

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      // Baton is told the address without TLS.
      disabledCommands: ["STARTTLS"],
      onData: (stream, session, taken) => {
        text(stream).then((mail) => {
          this.mails.push(mail);
          this.recipients.push(session.envelope.rcptTo.map((one) => one.address));
          taken();
        }, taken);
      },
    });
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer();
    await new Promise<void>((done) => mail.#server.listen(0, "127.0.0.1", done));
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }
}
