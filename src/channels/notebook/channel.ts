// The channel that sends nothing and writes everything down: for tests and for a first look without a chat system.
import type { World } from "../../kernel/world.js";
import {
  type Channel,
  ChannelError,
  type ChannelPromises,
  type FollowUp,
  type Found,
  type GuideNote,
  type HandedOver,
  type HandOverOutcome,
  type LostHandOver,
  type OutstandingHandOver,
} from "../port.js";

/** One line of the notebook; `at` is epoch ms. */
export type NotebookEntry = { at: number } & (
  | { kind: "told"; guideUserid: string; note: GuideNote }
  | { kind: "handedOver"; providerRef: string; followUp: FollowUp }
  | { kind: "reminded" | "stopped"; providerRef: string; guideUserid: string }
);

export interface NotebookOptions {
  /** false: words count as delivered when handed over, as with a bot; default true: `confirm` plays the guide's tap */
  confirmsThere?: boolean;
  /** hears every entry as it is written */
  onEntry?: (entry: NotebookEntry) => void;
}

type Result = HandOverOutcome["customers"][number]["result"];
type Page = { followUp: FollowUp; outcome: HandOverOutcome };
type Failure = { error: ChannelError; when: "before" | "after" };

/** Keeps all it promises, in memory: what was handed over can be confirmed, stopped, looked up and read again. */
export class NotebookChannel implements Channel {
  readonly name = "notebook";
  readonly promises: ChannelPromises;
  readonly entries: NotebookEntry[] = [];
  readonly #pages = new Map<string, Page>();
  readonly #unreachable = new Set<string>();
  readonly #failures: Failure[] = [];

  constructor(
    private readonly world: Pick<World, "now" | "id">,
    private readonly options: NotebookOptions = {},
  ) {
    const confirmsThere = options.confirmsThere ?? true;
    this.promises = {
      confirmsThere,
      provesDelivery: true,
      reconciles: true,
      stops: confirmsThere,
      hearsCustomers: false,
      attachments: ["picture", "link", "mini_program", "file", "video"],
      pictures: true,
    };
  }

  /** Nobody can become a contact here. */
  async guideCode(): Promise<null> {
    return null;
  }

  async tellGuide(guideUserid: string, note: GuideNote): Promise<boolean> {
    if (this.#unreachable.has(guideUserid)) return false;
    this.#write({ kind: "told", at: this.world.now(), guideUserid, note });
    return true;
  }

  async handOver(followUp: FollowUp): Promise<HandedOver> {
    if (followUp.text.trim() === "" || followUp.externalUserids.length === 0) {
      throw new ChannelError("fix", `hand-over ${followUp.ref}: no words or no customers`);
    }
    const failure = this.#failures.shift();
    if (failure?.when === "before") throw failure.error;
    const at = this.world.now();
    const providerRef = `notebook-${this.world.id()}`;
    const outcome: HandOverOutcome = { ref: followUp.ref, state: "waiting", customers: [] };
    this.#pages.set(providerRef, { followUp, outcome });
    this.#write({ kind: "handedOver", at, providerRef, followUp });
    if (!this.promises.confirmsThere) this.confirm(providerRef);
    if (failure) throw failure.error;
    return { providerRef, refused: [], delivered: !this.promises.confirmsThere };
  }

  async outcomes(handOvers: readonly OutstandingHandOver[]): Promise<HandOverOutcome[]> {
    return handOvers.map(({ ref, providerRef }) => {
      const outcome = this.#pages.get(providerRef)?.outcome;
      return outcome ? { ...outcome, ref } : { ref, state: "gone", customers: [] };
    });
  }

  async remind({ providerRef, guideUserid }: OutstandingHandOver): Promise<void> {
    this.#write({ kind: "reminded", at: this.world.now(), providerRef, guideUserid });
  }

  async stop({ providerRef, guideUserid }: OutstandingHandOver): Promise<void> {
    this.#write({ kind: "stopped", at: this.world.now(), providerRef, guideUserid });
    const outcome = this.#pages.get(providerRef)?.outcome;
    if (outcome?.state === "waiting") outcome.state = "stopped";
  }

  async find(lost: LostHandOver): Promise<Found> {
    const known = new Set(lost.knownRefs);
    const found = [...this.#pages].filter(
      ([providerRef, { followUp }]) => !known.has(providerRef) && followUp.ref === lost.ref,
    );
    const [only] = found;
    if (!only) return { state: "absent" };
    return found.length === 1 ? { state: "found", providerRef: only[0] } : { state: "cannot_tell" };
  }

  /** Plays the guide's tap: every customer gets the words, except those whose result is named. */
  confirm(providerRef: string, results: Readonly<Record<string, Result>> = {}): void {
    const page = this.#pages.get(providerRef);
    if (page?.outcome.state !== "waiting") return;
    const at = this.world.now();
    page.outcome = {
      ref: page.followUp.ref,
      state: "confirmed",
      confirmedAt: at,
      customers: page.followUp.externalUserids.map((externalUserid) => {
        const result = results[externalUserid] ?? "sent";
        return result === "sent" ? { externalUserid, result, at } : { externalUserid, result };
      }),
    };
  }

  /** From now on this guide cannot be told anything. */
  lose(guideUserid: string): void {
    this.#unreachable.add(guideUserid);
  }

  /** The next hand-over fails with this error, before or after it was written down. */
  failNext(error: ChannelError, when: "before" | "after"): void {
    this.#failures.push({ error, when });
  }

  #write(entry: NotebookEntry): void {
    this.entries.push(entry);
    this.options.onEntry?.(entry);
  }
}
