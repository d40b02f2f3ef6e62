// The whole house asked for its pages by people who have signed in: each page's own word goes with what they post.

import type { Role } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { jobBoard } from "../../src/schedule/board.js";
import { jobsOf } from "../../src/schedule/jobs.js";
import { emptied } from "./databases.js";
import { openHouse, password, serve, signedIn } from "./house.js";

const zone = "Asia/Shanghai";

export type DeskHouse = Awaited<ReturnType<typeof openDeskHouse>>;

/** The house on a day at ten, its timed jobs there to be run by hand. */
export async function openDeskHouse(store: Store, today: ShopDay) {
  await emptied(store);
  const house = openHouse(store, movableWorld(instantOf(today, "10:00", zone)));
  const { services, world } = house;
  const { log } = services;
  services.timed.board = jobBoard({ store, world, log, zone }, jobsOf(services));
  const server = await serve(services);
  return {
    ...{ ...house, store },
    account: (
      login: string,
      role: Role,
      place: { regionId?: number; storeId?: number; guideId?: number } = {},
    ) => services.identity.createAccount({ login, name: login, role, password, ...place }),
    /** Somebody's browser. */
    as: async (login: string) => {
      const agent = await signedIn(server.url, login);
      return {
        get: (path: string) => agent.get(path).set("Accept", "text/html"),
        /** A form sent with the word of a page that they see. */
        post: async (path: string, form: object = {}, from = "/help") => {
          const page = await agent.get(from).set("Accept", "text/html");
          const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
          return agent
            .post(path)
            .set("Accept", "text/html")
            .type("form")
            .send({ _csrf: csrf, ...form });
        },
        /** The same as htmx sends it. */
        tap: async (path: string, form: object = {}, from = "/help") => {
          const page = await agent.get(from).set("Accept", "text/html");
          const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
          return agent
            .post(path)
            .set("HX-Request", "true")
            .type("form")
            .send({ _csrf: csrf, ...form });
        },
      };
    },
    close: async () => {
      await server.close();
      await house.close();
    },
  };
}
