// Which chat system: the channel of the settings, with what it needs of the database.

import { noteStop } from "../channels/archive-stops.js";
import { callCount } from "../channels/calls.js";
import type { DirectoryEvents } from "../channels/directory.js";
import { gapsOf } from "../channels/gaps.js";
import { NotebookChannel } from "../channels/notebook/channel.js";
import type { Channel, ChannelEvents, FollowUpAttachment } from "../channels/port.js";
import { databaseTokens } from "../channels/tokens.js";
import type { Puppet } from "../channels/wechaty/bot-options.js";
import { WechatyChannel } from "../channels/wechaty/channel.js";
import { WecomChannel } from "../channels/wecom/channel.js";
import { WecomDirectory } from "../channels/wecom/directory.js";
import { limitsOf } from "../channels/wecom/limits.js";
import type { WecomPages } from "../channels/wecom/pages.js";
import { type WecomInbox, wecomInbox } from "../channels/wecom-inbox.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import type { WorkQueue } from "../infra/queue.js";
import { sharedRates } from "../infra/rates.js";
import { redisState } from "../infra/redis-state.js";
import { databaseState, type SharedState, withFallback } from "../infra/shared-state.js";
import type { Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { BehaviourSource } from "../reports/behaviour/reading.js";
import type { LimitSource } from "../tasks/channel-health.js";
import { quietAt } from "../tasks/quiet-hours.js";
import { presenceOf } from "./presence.js";

export interface ChannelParts {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  /** what the channel tells is told here */
  events: ChannelEvents;
  /** what its directory tells is told here, where it has one */
  hearing: DirectoryEvents;
  /** shares out what is to be done soon among the processes */
  queue: WorkQueue;
  /** fresh puppets of a wechaty channel, loaded by who starts the server */
  puppets?: (() => Puppet) | undefined;
}

/** A chat system in use. */
export interface WiredChannel {
  channel: Channel;
  /** WeCom's pushes; other channels have none */
  inbox: WecomInbox | undefined;
  /** the chat system's own figures of guides, where it has any */
  statistics?: BehaviourSource;
  /** logins and signatures for our pages; WeCom's alone */
  pages: WecomPages | undefined;
  /** members, contacts, codes; channels that know one guide have none */
  directory?: WecomDirectory | undefined;
  /** how often it may be called; channels that know no limits have none */
  limits?: LimitSource;
  /** tells the guide of gaps that could not be told of at once; gives how many */
  tellGaps?(): Promise<number>;
  /** Logs in, where that is the channel's way. Raises ChannelError. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const SECOND = 1000;
const nothing = async () => undefined;

/** The channel of the settings; the notebook where WeCom has no corp. Raises `unsupported` for wechaty without puppet. */
export function channelOf(parts: ChannelParts): WiredChannel {
  const { config, world } = parts;
  if (config.channel === "wechaty") return wechatyOf(parts);
  if (config.channel === "wecom" && config.wecom.corpid) return wecomOf(parts);
  return {
    channel: new NotebookChannel(world),
    inbox: undefined,
    pages: undefined,
    start: nothing,
    close: nothing,
  };
}

function wecomOf(parts: ChannelParts): WiredChannel {
  const { config, store, world, log, events, hearing, queue } = parts;
  const { base_url: baseUrl, corpid, secret, agentid, token, aes_key: aesKey } = config.wecom;
  const counts = sharedCounts(parts);
  const mayCall = sharedRates(counts, world);
  const { oauth_url: oauthUrl, login_url: loginUrl } = config.wecom;
  const app = { baseUrl, corpid, secret, agentid, oauthUrl, loginUrl };
  const calls = callCount({ store, world, log, channel: "wecom" });
  const settings = { ...app, archive: true, limits: config.wecom_limits, mayCall, onCall: calls.note };
  const tokens = databaseTokens(store, world);
  const channel = new WecomChannel(settings, tokens, world);
  const directory = new WecomDirectory(settings, tokens, world);
  const wake = () => void queue.push("callbacks");
  const inbox = wecomInbox({
    ...{ store, world, log, events, directory: hearing, wake },
    keys: { token, aesKey, corpid },
  });
  queue.work("callbacks", () => inbox.processPending());
  return {
    channel,
    inbox,
    statistics: channel,
    pages: channel.pages,
    directory,
    limits: {
      limitsOf: (api) => limitsOf(api, config.wecom_limits),
      countOf: (api) => counts.read(`wecom:${corpid}:${api}`),
    },
    start: async () => {
      if (await noteStop(store, world.now())) log.warn("the stop was longer than the archive keeps records");
    },
    close: async () => {
      channel.close();
      directory.close();
      await calls.close();
      await counts.close();
    },
  };
}

/** What all processes count together: in Redis where there is one, else (or while it is away) in the database. */
function sharedCounts({ config, store, world, log }: ChannelParts): SharedState {
  const inDatabase = databaseState(store);
  if (!config.redis_url) return inDatabase;
  const onFault = (error: unknown) => log.warn({ err: error }, "Redis is out of reach; the database counts");
  return withFallback(redisState(config.redis_url, world, { onFault }), inDatabase, world, onFault);
}

function wechatyOf({ config, store, world, log, events, puppets }: ChannelParts): WiredChannel {
  if (!puppets) throw new Refusal("unsupported", "wechaty 需要 puppet；只有 serve 会加载它。");
  const { guide, attachments, ...times } = config.wechaty;
  const presence = presenceOf({
    ...{ world, zone: config.zone, gaps: gapsOf(store, { channel: "wechaty", account: guide }) },
    quiet: () => quietAt({ config }, store.read, world.now()),
    tell: (text): Promise<boolean> => channel.tellGuide(guide, { kind: "text", text }),
  });
  const channel: WechatyChannel = new WechatyChannel({
    ...{ puppets, guideUserid: guide, events, world, log, presence },
    attachments: attachments.split(",").filter(Boolean) as FollowUpAttachment["kind"][],
    limits: {
      ...{ login: times.login_seconds * SECOND, say: times.say_seconds * SECOND, pause: times.pause_ms },
      ...{ ding: times.ding_seconds * SECOND, dingMisses: times.ding_misses },
      retry: { first: SECOND, most: times.retry_seconds * SECOND },
    },
  });
  return {
    channel,
    inbox: undefined,
    pages: undefined,
    tellGaps: async () => (channel.isThere() ? presence.tellGaps() : 0),
    start: () => channel.start(),
    close: () => channel.close(),
  };
}
