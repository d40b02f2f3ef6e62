// HQ's list of accounts, and the form of one, as pages show them.
import type { PeopleQuery, Person } from "../../identity/people-rows.js";
import { type Role, roles } from "../../identity/viewer.js";
import type { Fault } from "../../kernel/refusals.js";
import { count, moment } from "../format.js";
import { ROLE_NAMES } from "../pages.js";

/** What was typed into the form of an account. */
export interface TypedPerson {
  login: string;
  name: string;
  role: Role;
  place: string;
}

const PLACE_KINDS = { region: "区域", store: "门店", guide: "导购" } as const;

/** What a page of the list holds. */
export function peoplePage(
  people: readonly Person[],
  query: PeopleQuery,
  counts: ReadonlyMap<Role, number>,
  zone: string,
): object {
  const { search = "", role = "", disabled, after = 0, limit } = query;
  const shown = people.slice(0, limit - 1);
  const state = disabled === undefined ? "" : disabled ? "disabled" : "enabled";
  const asked = new URLSearchParams({ q: search, role, state });
  const last = shown.at(-1)?.id ?? 0;
  return {
    ...{ search, state, isFiltered: search !== "" || role !== "" || state !== "" },
    people: shown.map((person) => lineOf(person, zone)),
    roles: choices(role),
    counts: roles.map((one) => ({ name: ROLE_NAMES[one], value: count(counts.get(one) ?? 0) })),
    isFirst: after === 0,
    firstUrl: `/settings/people?${asked}`,
    nextUrl: people.length > shown.length ? `/settings/people?${asked}&after=${last}` : "",
  };
}

/** One account with its form; `typed` and `faults` after a form that was refused, `password` once after it was made. */
export function personPage(
  person: Person,
  zone: string,
  more: { typed: TypedPerson; faults?: readonly Fault[]; password?: string; isSelf: boolean },
): object {
  return {
    ...{ person: lineOf(person, zone), form: formPage(more.typed, more.faults), isSelf: more.isSelf },
    password: more.password ?? "",
  };
}

/** The fields of an account. */
export function formPage(typed: TypedPerson, faults: readonly Fault[] = []): object {
  return {
    ...typed,
    roles: choices(typed.role),
    faults: faults.map(({ where, expected }) => ({ where, expected })),
  };
}

function choices(chosen: string): object[] {
  return roles.map((role) => ({ role, name: ROLE_NAMES[role], chosen: role === chosen }));
}

function lineOf(person: Person, zone: string): object {
  const { id, login, name, role, disabled, isGone, hasPassword, place, sessions, lastSignIn } = person;
  return {
    ...{ id, login, name, disabled, isGone, hasPassword, sessions },
    roleName: ROLE_NAMES[role],
    placeKind: place ? PLACE_KINDS[place.kind] : "",
    placeName: place
      ? [place.name, place.kind === "region" ? "" : place.code].filter(Boolean).join(" · ")
      : "",
    lastSignIn: lastSignIn === null ? "" : moment(lastSignIn, zone),
  };
}
