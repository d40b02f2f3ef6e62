// The passes of a day's work, as the timed jobs and the demo run them. Each finds its own work; running one again is harmless.
import type { MessageService } from "../channels/messages.js";
import type { WecomInbox } from "../channels/wecom-inbox.js";
import type { ContactService } from "../contacts/service.js";
import type { CustomerService } from "../customers/service.js";
import type { IdentityService } from "../identity/service.js";
import type { Tagging } from "../journeys/tagging.js";
import { instantOf, shopDayOf } from "../kernel/calendar.js";
import type { ModelService } from "../models/service.js";
import type { CalendarService } from "../org/calendar-service.js";
import type { ExperimentService } from "../reports/experiments/service.js";
import { refreshMarked } from "../reports/refresh.js";
import { recheckAbsences } from "../tasks/absences.js";
import { cancelAnswered } from "../tasks/asked.js";
import { closeCards } from "../tasks/card-changes.js";
import { expireDue } from "../tasks/expiry.js";
import { enforceStop } from "../tasks/halt.js";
import { offerDue } from "../tasks/offering.js";
import type { OneoffService } from "../tasks/oneoffs.js";
import { pollOutstanding } from "../tasks/outcomes.js";
import type { Planner } from "../tasks/planner.js";
import { enforceQuiet } from "../tasks/quieting.js";
import { recheckWaiting } from "../tasks/rechecking.js";
import { reconcile } from "../tasks/reconcile.js";
import { releaseDue } from "../tasks/release.js";
import type { ReplyService } from "../tasks/replies.js";
import { enforceRest } from "../tasks/resting.js";
import type { Sender } from "../tasks/sending.js";
import type { TaskSetup } from "../tasks/setup.js";
import { offerUrgentAgain } from "../tasks/urgent-again.js";
import type { UrgentService } from "../tasks/urgent-service.js";
import { contactPasses, handOverLeavers } from "./contacts.js";
import { type ImportPasses, type ImportPassParts, importPasses } from "./imports.js";
import { type LimitPasses, type LimitPassParts, limitPasses } from "./limit-passes.js";
import { type PhonePasses, type PhonePassParts, phonePasses } from "./phone-passes.js";
import { type ReportPasses, type ReportPassParts, reportPasses } from "./report-passes.js";
import { tidy } from "./tidying.js";

/** What a pass did, in a few words; undefined when there was nothing to do. */
export type Said = Promise<string | undefined>;

/** Every pass, by name. */
export interface Passes extends LimitPasses, PhonePasses, ImportPasses, ReportPasses {
  calendar(): Said;
  models(): Said;
  plan(): Said;
  planMarked(): Said;
  tags(): Said;
  release(): Said;
  offer(): Said;
  nudge(): Said;
  summary(): Said;
  dispatch(): Said;
  poll(): Said;
  reconcile(): Said;
  cards(): Said;
  recheck(): Said;
  quiet(): Said;
  callbacks(): Said;
  credit(): Said;
  urgent(): Said;
  figures(): Said;
  expire(): Said;
  judge(): Said;
  tidy(): Said;
  sync(): Said;
  transfers(): Said;
}

export interface PassParts extends LimitPassParts, PhonePassParts, ImportPassParts, ReportPassParts {
  setup: TaskSetup;
  calendar: Pick<CalendarService, "ensure">;
  customers: Pick<CustomerService, "handOverLeavers">;
  contacts: ContactService | undefined;
  models: Pick<ModelService, "run">;
  planner: Planner;
  tagging: Tagging;
  sender: Sender;
  oneoffs: Pick<OneoffService, "closeEnded">;
  /** publishes what no brand should be without */
  publishBuiltIn(): Promise<void>;
  replies: ReplyService;
  urgent: UrgentService;
  messages: MessageService;
  experiments: ExperimentService;
  inbox: WecomInbox | undefined;
  /** tells a guide of gaps in which their words were not heard */
  tellGaps: (() => Promise<number>) | undefined;
  identity: IdentityService;
  nudge(): Promise<number>;
  tellEvenings(): Promise<number>;
}

/** The passes over one setup. */
export function passesOf(parts: PassParts): Passes {
  return {
    calendar: calendarPass(parts),
    models: modelsPass(parts),
    ...phonePasses(parts),
    ...{ ...towardsGuides(parts), ...talking(parts) },
    ...towardsCustomers(parts),
    ...afterwards(parts),
    ...{ ...limitPasses(parts), ...importPasses(parts), ...reportPasses(parts) },
    ...contactPasses(parts.contacts),
  };
}

/** The year to come, filled into the calendar in time. */
function calendarPass({ calendar, setup: { world, config } }: PassParts): Passes["calendar"] {
  return async () => {
    await calendar.ensure(shopDayOf(world.now(), config.zone));
    return undefined;
  };
}

/** What the models foretell, once a night. */
function modelsPass({ models }: PassParts): Passes["models"] {
  return async () => {
    const { learned, customers, anchors } = await models.run();
    if (!learned && customers === 0) return undefined;
    return `${learned ? "重新学习，" : ""}推算 ${customers} 位客户，${anchors} 处日期变化`;
  };
}

/** What is told at its own hour of the day. */
function talking({ nudge, tellEvenings }: PassParts): Pick<Passes, "nudge" | "summary"> {
  return {
    nudge: async () => some(await nudge(), "位导购收到下午提醒"),
    summary: async () => some(await tellEvenings(), "位经理收到晚间小结"),
  };
}

/** From due dates to the guides' lists. */
function towardsGuides({
  setup,
  customers,
  contacts,
  planner,
  tagging,
  publishBuiltIn,
}: PassParts): Pick<Passes, "plan" | "planMarked" | "tags" | "release" | "offer"> {
  const { world, config } = setup;
  const since = (time: string) =>
    world.now() >= instantOf(shopDayOf(world.now(), config.zone), time, config.zone);
  return {
    plan: async () => {
      if (!since(config.day.plan)) return undefined;
      await publishBuiltIn();
      await handOverLeavers(contacts, customers);
      await tagging.daily();
      await tagging.changed();
      const { planned } = await planner.planDue();
      await cancelAnswered(setup);
      return some(planned, "个任务生成");
    },
    planMarked: async () => {
      await tagging.changed();
      return some((await planner.planMarked()).touched, "处随日期变化更新");
    },
    tags: async () => {
      const { given, taken } = await tagging.daily();
      return given + taken > 0 ? `加标签 ${given}，去标签 ${taken}` : undefined;
    },
    release: async () => {
      if (!since(config.day.release)) return undefined;
      const { released, skipped } = await releaseDue(setup);
      return released + skipped > 0 ? `放行 ${released}，跳过 ${skipped}` : undefined;
    },
    offer: async () => {
      const { guides, offered, needsData } = await offerDue(setup);
      return guides > 0 ? `${guides} 位导购，下发 ${offered}，待补资料 ${needsData}` : undefined;
    },
  };
}

/** From the guides' lists to the customers, and what became of it. */
function towardsCustomers({
  setup,
  sender,
  oneoffs,
}: PassParts): Pick<Passes, "dispatch" | "poll" | "reconcile" | "cards" | "recheck" | "quiet" | "expire"> {
  return {
    dispatch: async () => {
      const { handedOver, sent, unknown, failed, again } = await sender.dispatchDue();
      if (handedOver + sent + unknown + failed + again === 0) return undefined;
      return `交给渠道 ${handedOver + sent}，没有回音 ${unknown}，失败 ${failed}，稍后再试 ${again}`;
    },
    poll: async () => some(await pollOutstanding(setup), "个结果更新"),
    cards: async () => some(await closeCards(setup), "张卡片更新"),
    reconcile: async () => {
      const { found, absent } = await reconcile(setup);
      return found + absent > 0 ? `找到 ${found}，确认未发 ${absent}` : undefined;
    },
    recheck: async () => {
      await enforceStop(setup);
      await enforceRest(setup);
      await recheckAbsences(setup);
      await recheckWaiting(setup);
      return undefined;
    },
    quiet: async () => some(await enforceQuiet(setup), "个未确认的下发收回，到点再发"),
    expire: async () => {
      await recheckAbsences(setup, "all");
      const { expired } = await expireDue(setup);
      await oneoffs.closeEnded();
      return some(expired, "个任务过期");
    },
  };
}

/** What came back, what it adds up to, and tidying up. */
function afterwards(
  parts: PassParts,
): Pick<Passes, "callbacks" | "credit" | "urgent" | "figures" | "judge" | "tidy"> {
  const { replies, urgent, inbox, tellGaps, experiments } = parts;
  const { store, config } = parts.setup;
  return {
    callbacks: async () => {
      await inbox?.processPending();
      await tellGaps?.();
      return undefined;
    },
    credit: async () => some(await replies.settle(), "个任务的回复更新"),
    urgent: async () => some((await offerUrgentAgain(parts.setup)) + (await urgent.work()), "条紧急回复"),
    figures: async () => some(await refreshMarked({ store, zone: config.zone }), "个导购日更新"),
    judge: async () => {
      // what came in the night is credited first
      await replies.settle();
      return some(await experiments.judgeDue(), "次评定");
    },
    tidy: async () => {
      await tidy(parts);
      return undefined;
    },
  };
}

function some(n: number, what: string): string | undefined {
  return n > 0 ? `${n} ${what}` : undefined;
}
