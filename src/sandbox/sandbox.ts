// A WeCom on localhost, started: the same URLs, crypto and limits, and people who act by a seed.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import Koa from "koa";
import { Actors } from "./actors.js";
import { Api } from "./api.js";
import type { ArchiveRecord } from "./chats.js";
import { clientRoutes, clientView } from "./client-routes.js";
import { CorpVerbs } from "./corp-verbs.js";
import type { Faults } from "./faults.js";
import { type Phone, phoneOf } from "./phone.js";
import type { EnrolledContact, EnrolledCustomer, Enrolment } from "./roster.js";
import { sandboxRoutes } from "./routes.js";
import type { Intake, SandboxOptions } from "./settings.js";
import { groundOf, type Stage, setStage } from "./stage.js";
import { Verbs } from "./verbs.js";
import type { WebView } from "./web-view.js";

/** What one step brought: acts of people, callbacks that arrived, records the intake took. */
export interface Step {
  acts: number;
  callbacks: number;
  records: number;
}

/** What a guide writes to a customer. */
export interface Line {
  guideUserid: string;
  externalUserid: string;
  text: string;
}

const rounds = 4;
const hungUp = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** Opens the state, starts the server, wakes the people. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = new Sandbox(setStage(groundOf(options)));
  await sandbox.listen();
  return sandbox;
}

/** A running sandbox. Verbs act now, deliver their callbacks and push the archive before they return. */
export class Sandbox {
  /** http://127.0.0.1:PORT */
  url = "";
  readonly faults: Faults;
  readonly #verbs: Verbs;
  readonly #corp: CorpVerbs;
  readonly #actors: Actors;
  readonly #server: Server;
  readonly #api: Api;
  readonly #view: WebView;
  #silence = 0;
  #restarting: Promise<void> | undefined;

  constructor(private readonly stage: Stage) {
    this.faults = stage.faults;
    this.#verbs = new Verbs(stage);
    this.#corp = new CorpVerbs(stage, this.#verbs);
    this.#actors = new Actors(stage, this.#verbs);
    const app = new Koa();
    this.#api = new Api(stage, (ms) => void this.restart(ms));
    app.use((ctx, next) =>
      ctx.path.startsWith("/cgi-bin/") ? this.#api.answer(ctx, ctx.path.slice(9)) : next(),
    );
    this.#view = clientView(stage, this.#verbs, { url: () => this.url, act: (verb) => this.#now(verb) });
    app.use(clientRoutes(stage, this.#view)).use(sandboxRoutes(this, stage));
    // a caller who hangs up is no error of ours
    app.on("error", (error: NodeJS.ErrnoException) => {
      if (!hungUp.has(error.code ?? "")) app.onerror(error);
    });
    this.#server = createServer(app.callback());
    // longer than a busy app stays silent: it must not write into a connection that is just being closed
    this.#server.keepAliveTimeout = 75_000;
  }

  /** Begins to answer at the port of the options. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      const known = this.url === "" ? this.stage.ground.options.port : Number(new URL(this.url).port);
      this.#server.listen(known ?? 0, "127.0.0.1", resolve);
    });
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Where the app hears callbacks and takes archive records; either may come later than the sandbox. */
  connect(to: { callbackUrl?: string; intake?: Intake }): void {
    if (to.callbackUrl) this.stage.pushes.callbackUrl = to.callbackUrl;
    if (to.intake) this.stage.ground.options.intake = to.intake;
  }

  /** Whether the app's callback address passes the check WeCom makes before it takes one. */
  checkCallbackUrl(): Promise<boolean> {
    return this.stage.pushes.check();
  }

  /** Every path answered, after /cgi-bin/. */
  endpoints(): string[] {
    return this.#api.paths();
  }

  /** Breaks every connection and lets nobody listen for `ms`; then the same address answers again. */
  restart(ms: number): Promise<void> {
    this.#restarting ??= (async () => {
      await this.#stopListening();
      await wait(ms);
      await this.listen();
      this.#restarting = undefined;
    })();
    return this.#restarting;
  }

  /** Adds or replaces guides, customers and contacts; no callbacks. New customers may speak first. */
  enrol(enrolment: Enrolment): void {
    this.stage.roster.enrol(enrolment);
    this.#actors.welcome(enrolment.contacts ?? []);
  }

  /** Lets people do what falls due at or before `until` (epoch ms), then delivers callbacks and archive records. */
  async step(until: number): Promise<Step> {
    const sum: Step = { acts: 0, callbacks: 0, records: 0 };
    // an answer of the app may make a guide act again before `until`
    for (let round = 0; round < rounds; round++) {
      let acts = this.#actors.act(until);
      if (acts === 0 && this.#silence > 0 && this.#actors.breakSilence(until, this.#silence)) acts = 1;
      this.stage.transfers.settle(until);
      const callbacks = await this.stage.pushes.deliver(until);
      sum.acts += acts;
      sum.callbacks += callbacks;
      if (acts === 0 && callbacks === 0) break;
    }
    sum.records = await this.stage.feed.push();
    return sum;
  }

  /** From now on somebody writes at a step when nobody acted for `ms`; 0: silence is allowed. */
  neverQuiet(ms: number): void {
    this.#silence = ms;
  }

  /** Archive records after a sequence number, with the number to go on from. */
  archive(after = 0, limit = 1000): { records: ArchiveRecord[]; next: number } {
    return this.stage.chats.records(after, limit);
  }

  /** What a guide sees; undefined when there is no such guide. */
  phone(userid: string): Phone | undefined {
    return phoneOf(this.stage, userid);
  }

  async guideConfirms(userid: string, msgid: string): Promise<boolean> {
    return this.#now((at) => this.#verbs.confirm(userid, msgid, at));
  }

  /** Guides send mass tasks from their phones, all at once; gives how many there were to send. */
  async guidesConfirm(taps: readonly { guideUserid: string; msgid: string }[]): Promise<number> {
    return this.#now(
      (at) => taps.filter((tap) => this.#verbs.confirm(tap.guideUserid, tap.msgid, at)).length,
    );
  }

  async customerSays(externalUserid: string, userid: string, text: string): Promise<string> {
    return this.#now((at) => this.#verbs.customerSays(externalUserid, userid, text, at));
  }

  /** A guide writes to a customer from their own phone. */
  async guideWrites(userid: string, externalUserid: string, text: string): Promise<string> {
    return this.#now((at) => this.#verbs.guideWrites(userid, externalUserid, text, at));
  }

  /** A guide sends the same words to several customers by a mass send of their own; gives its msgid. */
  async guideSendsMass(userid: string, externalUserids: readonly string[], text: string): Promise<string> {
    return this.#now((at) => this.stage.personalMasses.send(userid, externalUserids, text, at));
  }

  /** Guides write to customers from their own phones, all at once; the customers may answer. */
  async guidesWrite(lines: readonly Line[]): Promise<void> {
    return this.#now((at) => {
      for (const { guideUserid, externalUserid, text } of lines) {
        this.#verbs.guideWrites(guideUserid, externalUserid, text, at);
        const occurrence = `${guideUserid} ${externalUserid} ${text}`;
        this.#actors.planToAnswer({ sender: guideUserid, occurrence, text }, externalUserid, at);
      }
    });
  }

  /** A guide types into the app. */
  async guideSays(userid: string, text: string): Promise<void> {
    return this.#now((at) => this.#verbs.guideSays(userid, text, at));
  }

  async guideTaps(userid: string, cardId: string, key: string): Promise<boolean> {
    return this.#now((at) => this.#verbs.guideTaps(userid, cardId, key, at));
  }

  /** The customer removes the guide. */
  async customerLeaves(externalUserid: string, userid: string): Promise<boolean> {
    return this.#now((at) => this.#verbs.contactEnds(userid, externalUserid, "customer", at));
  }

  /** The guide removes the customer. */
  async guideRemoves(userid: string, externalUserid: string): Promise<boolean> {
    return this.#now((at) => this.#verbs.contactEnds(userid, externalUserid, "guide", at));
  }

  /** A customer scans a guide's code, now unless `createdAt` says otherwise. */
  async contactAdded(
    contact: Omit<EnrolledContact, "createdAt"> & { createdAt?: number; customer?: EnrolledCustomer },
  ): Promise<void> {
    return this.#now((at) => {
      const added = { ...contact, createdAt: contact.createdAt ?? at };
      this.#verbs.contactAdded(added);
      this.#actors.welcome([added]);
    });
  }

  /** Something happens to the corp's directory: a code scanned, a remark, a tag, somebody who leaves, a transfer refused. */
  async inCorp<T>(verb: (corp: CorpVerbs, at: number) => T): Promise<T> {
    return this.#now((at) => verb(this.#corp, at));
  }

  /** Stops answering; the state file keeps everything. */
  async close(): Promise<void> {
    await this.#restarting;
    await Promise.all([this.#stopListening(), this.#view.close()]);
    this.stage.pushes.close();
    this.stage.feed.close();
    this.stage.ground.db.close();
  }

  async #stopListening(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #now<T>(verb: (at: number) => T): Promise<T> {
    const at = this.stage.ground.world.now();
    const outcome = this.stage.ground.db.transaction(() => verb(at))();
    await this.stage.pushes.deliver(at);
    await this.stage.feed.push();
    return outcome;
  }
}
