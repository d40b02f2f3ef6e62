// Everything that stands on one ground, joined: who there is, what was said, what is on its way.
import { Agenda } from "./agenda.js";
import { AppMessages } from "./app-messages.js";
import { Chats } from "./chats.js";
import { DirectoryState } from "./directory-state.js";
import { Faults } from "./faults.js";
import { Feed } from "./feed.js";
import { Logins } from "./logins.js";
import { Masses } from "./masses.js";
import { Media } from "./media.js";
import { PersonalMasses } from "./personal-masses.js";
import { Pushes } from "./pushes.js";
import { Roster } from "./roster.js";
import { evenTemper, type Ground, publishedLimits, type SandboxOptions } from "./settings.js";
import { Meta, openState } from "./state.js";
import { Tickets } from "./tickets.js";
import { Tokens } from "./tokens.js";
import { Transfers } from "./transfers.js";

export interface Stage {
  ground: Ground;
  roster: Roster;
  directory: DirectoryState;
  transfers: Transfers;
  chats: Chats;
  masses: Masses;
  personalMasses: PersonalMasses;
  media: Media;
  appMessages: AppMessages;
  tokens: Tokens;
  logins: Logins;
  tickets: Tickets;
  agenda: Agenda;
  faults: Faults;
  pushes: Pushes;
  feed: Feed;
}

/** The ground of a sandbox by its options, with the defaults: opens the state file. */
export function groundOf(options: SandboxOptions): Ground {
  return {
    db: openState(options.statePath),
    world: options.world,
    options: {
      ...options,
      receiveLimitPerDay: options.receiveLimitPerDay ?? 1,
      limits: { ...publishedLimits, ...options.limits },
      temperament: { ...evenTemper, ...options.temperament },
    },
  };
}

/** Joins the parts; nobody acts yet. */
export function setStage(ground: Ground): Stage {
  const roster = new Roster(ground);
  const chats = new Chats(ground, roster);
  const meta = new Meta(ground.db);
  const faults = new Faults((what) => {
    const before = Number(meta.get(what) ?? 0);
    meta.set(what, String(before + 1));
    return before;
  });
  faults.byChance(ground.options.faults);
  const pushes = new Pushes(ground, faults);
  const media = new Media(ground);
  const masses = new Masses(ground, roster, chats);
  const appMessages = new AppMessages(ground, roster, media, () => pushes.callbackUrl !== undefined);
  pushes.onReply = (userid, text) => appMessages.keepReply(userid, text, ground.world.now());
  const directory = new DirectoryState(ground);
  return {
    ground,
    roster,
    directory,
    transfers: new Transfers(ground, roster, directory, pushes),
    chats,
    faults,
    pushes,
    masses,
    personalMasses: new PersonalMasses(ground, masses),
    media,
    appMessages,
    tokens: new Tokens(ground),
    logins: new Logins(ground, roster),
    tickets: new Tickets(ground),
    agenda: new Agenda(ground),
    feed: new Feed(ground, chats),
  };
}
