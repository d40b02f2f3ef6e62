// What we said ourselves in an account's name, kept over its bots: an echo of it is no word of the guide's.

const REMEMBERED = 500;

/** Remembers ids as puppets give them. The echo of a message can be faster than its id, so words under way count too. */
export class Said {
  readonly #ids = new Set<string>();
  readonly #underWay = new Map<string, number>();

  /** Says a text by `send`, which gives the message's id where the puppet gives one. */
  async during(
    conversationId: string,
    text: string,
    send: () => Promise<unknown>,
  ): Promise<string | undefined> {
    const key = `${conversationId}\n${text}`;
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    forgetOld(this.#underWay);
    const id = await send();
    if (typeof id !== "string" || id === "") return undefined;
    this.#ids.add(id);
    forgetOld(this.#ids);
    return id;
  }

  /** Whether a message is one we said; an echo is known as one once. */
  isOwn(conversationId: string, messageId: string, text: string): boolean {
    const key = `${conversationId}\n${text}`;
    const count = this.#underWay.get(key) ?? 0;
    if (count <= 1) this.#underWay.delete(key);
    else this.#underWay.set(key, count - 1);
    return this.#ids.has(messageId) || count > 0;
  }
}

/** Keeps the newest of a set or map. */
export function forgetOld(remembered: Set<string> | Map<string, unknown>, most = REMEMBERED): void {
  for (const old of remembered.keys()) {
    if (remembered.size <= most) return;
    remembered.delete(old);
  }
}
