// How often WeCom may be called (its page 90454, and what it says with each call); thresholds may change at any time.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** At most `count` in any `ms`. */
export interface Limit {
  count: number;
  ms: number;
}

/** What counts calls over all processes. */
export interface MayCall {
  /** null: it may be made now, and is counted; else ms until it may */
  admit(key: string, limits: readonly Limit[]): Promise<number | null>;
  /** nobody calls until an instant (epoch ms) */
  block(key: string, until: number): Promise<void>;
}

/** The settings a corp may need otherwise. */
export interface ApiLimits {
  /** calls of one API a minute and an hour */
  per_minute: number;
  per_hour: number;
  /** app messages to one member; what is above is dropped without an error */
  member_per_minute: number;
  member_per_hour: number;
  /** app messages of one app a day, 200 times the corp's accounts; 0: not counted */
  app_messages_per_day: number;
}

/** As published. */
export const publishedLimits: ApiLimits = {
  per_minute: 10_000,
  per_hour: 150_000,
  member_per_minute: 30,
  member_per_hour: 1000,
  app_messages_per_day: 0,
};

/** APIs with limits of their own. App messages do not count against the common ones. */
const own: Readonly<Record<string, readonly Limit[]>> = {
  "message/send": [],
  gettoken: [],
  "media/uploadimg": [{ count: 1000, ms: day }],
  "externalcontact/add_moment_task": [{ count: 10, ms: minute }],
  get_jsapi_ticket: [{ count: 400, ms: hour }],
  "ticket/get": [{ count: 100, ms: hour }],
};

/** The limits of one API for one corp. */
export function limitsOf(path: string, settings: Partial<ApiLimits> = {}): readonly Limit[] {
  const { per_minute, per_hour } = { ...publishedLimits, ...settings };
  return (
    own[path] ?? [
      { count: per_minute, ms: minute },
      { count: per_hour, ms: hour },
    ]
  );
}

/** The limits of app messages: to one member, and of the whole app in a day. */
export function messageLimits(settings: Partial<ApiLimits> = {}): { member: Limit[]; app: Limit[] } {
  const { member_per_minute, member_per_hour, app_messages_per_day } = { ...publishedLimits, ...settings };
  return {
    member: [
      { count: member_per_minute, ms: minute },
      { count: member_per_hour, ms: hour },
    ],
    app: app_messages_per_day > 0 ? [{ count: app_messages_per_day, ms: day }] : [],
  };
}
