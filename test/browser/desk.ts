// A walk at the desk or on a phone with the timed jobs at hand: each who signs in has a page and complaints of their own.
import type { Page } from "playwright-core";
import { jobBoard } from "../../src/schedule/board.js";
import { jobsOf } from "../../src/schedule/jobs.js";
import { expectAccessible } from "./axe.js";
import { DESK, lookAt, openPage, openStage, PHONE, shot, signIn } from "./stage.js";

/** The two sizes of every walk at the desk. */
export const SIZES: [size: string, viewport: { width: number; height: number }][] = [
  ["1280", DESK],
  ["390", PHONE],
];

export type DeskStage = Awaited<ReturnType<typeof openDeskStage>>;

/** A brand served to browsers, its timed jobs there to be run by hand. */
export async function openDeskStage() {
  const stage = await openStage();
  const { services } = stage.brand;
  const { world, log, config } = services;
  services.timed.board = jobBoard({ store: stage.store, world, log, zone: config.zone }, jobsOf(services));
  return {
    ...{ ...stage, services },
    /** Signs somebody in; `script: false` is a browser whose scripts never come. */
    enter: async (login: string, viewport: { width: number; height: number }, script = true) => {
      const complaints: string[] = [];
      // a form that was wrong comes back so: that is no fault of the page
      const wrong = (text: string) => text.includes("422") || complaints.push(text);
      const page = await openPage(stage, wrong, { viewport, javaScriptEnabled: script });
      await signIn(page, login);
      return {
        page,
        look: (name: string) => look(page, complaints, name),
        shot: (name: string) => shot(page, name),
        close: () => page.context().close(),
      };
    },
  };
}

/** A picture, and the promise that nothing sticks out sideways, went wrong or keeps anybody out. */
async function look(page: Page, complaints: readonly string[], name: string): Promise<void> {
  await lookAt(page, name, complaints);
  await expectAccessible(page);
}
