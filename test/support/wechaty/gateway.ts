// A chat system in memory: wechaty's mock puppet, which here gives the ids of what it sends, and fails on demand.
import { FileBox, type FileBoxInterface } from "file-box";
import { mock, PuppetMock } from "wechaty-puppet-mock";

/** Somebody with an account. */
export type MockPerson = ReturnType<mock.Mocker["createContact"]>;

/** What the next send does instead of succeeding. `dies`: the process of the chat system is killed. */
export type Mishap = "fails before" | "fails after" | "hangs" | "dies before" | "dies after";

/** The people behind an account: they outlive every puppet. */
export class People {
  readonly mocker = new mock.Mocker();
  readonly self: MockPerson;
  readonly customers: MockPerson[];
  /** what sends do instead, in their order */
  readonly mishaps: (Mishap | undefined)[] = [];
  /** whether the account logs in as soon as a puppet starts */
  logsIn = true;
  /** hears every message somebody got from the account, before the account is told that it was sent */
  onSent: (to: string, text: string) => void = () => undefined;

  constructor(guide = "g1", customers: readonly string[] = ["c1", "c2"]) {
    const contact = (id: string) => this.mocker.createContact({ id, name: id, friend: true });
    this.self = contact(guide);
    this.customers = customers.map(contact);
  }

  /** Texts somebody got from somebody. */
  between(from: string, to: string): string[] {
    const ofBoth = (payload: object) =>
      "talkerId" in payload &&
      payload.talkerId === from &&
      "listenerId" in payload &&
      payload.listenerId === to;
    return [...this.mocker.cacheMessagePayload.values()].filter(ofBoth).map(({ text }) => text ?? "");
  }

  /** A fresh puppet of the account. */
  puppet(keeps = false): Gateway {
    // a mocker is made for one puppet; here the account goes over to the next
    (this.mocker as unknown as { _puppet: undefined })._puppet = undefined;
    return keeps ? new KeepingGateway(this) : new Gateway(this);
  }
}

/** A puppet over people. */
export class Gateway extends PuppetMock {
  constructor(private readonly people: People) {
    super({ mocker: people.mocker });
  }

  override async onStart(): Promise<void> {
    await super.onStart();
    const { people } = this;
    setImmediate(() => {
      if (people.logsIn && people.mocker.puppet === this && !this.isLoggedIn) this.login(people.self.id);
    });
  }

  override ding(data = ""): void {
    setImmediate(() => this.emit("dong", { data }));
  }

  override messageSendText(conversationId: string, text: string): Promise<void> {
    return this.#send(conversationId, text, () => super.messageSendText(conversationId, text));
  }

  override async messageSendFile(conversationId: string, file: FileBoxInterface): Promise<void> {
    // what the mocker keeps must be text
    const kept = FileBox.fromBase64(await file.toBase64(), file.name);
    return this.#send(conversationId, `[${file.name}]`, () => super.messageSendFile(conversationId, kept));
  }

  override messageSendUrl(conversationId: string, { title }: { title: string }): Promise<void> {
    const text = `[${title}]`;
    return this.#send(conversationId, text, () => super.messageSendText(conversationId, text));
  }

  async #send(to: string, text: string, send: () => Promise<void>): Promise<void> {
    const mishap = this.people.mishaps.shift();
    if (mishap === "fails before") throw new Error("gateway gone");
    if (mishap === "dies before") await die();
    if (mishap === "hangs") return new Promise(() => undefined);
    await send();
    this.people.onSent(to, text);
    if (mishap === "fails after") throw new Error("gateway gone");
    if (mishap === "dies after") await die();
    // the base class says void; real puppets give the id
    return [...this.mocker.cacheMessagePayload.keys()].at(-1) as never;
  }
}

/** A puppet that keeps its messages by itself, and so can tell what was missed. */
class KeepingGateway extends Gateway {
  override messageList(): string[] {
    return [...this.mocker.cacheMessagePayload.keys()];
  }
}

async function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
}
