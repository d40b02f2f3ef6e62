// The whole house on an embedded database, asked over HTTP by people who have signed in: for tests of the API.
import request from "supertest";
import { createApp } from "../../src/http.js";
import type { Role } from "../../src/identity/viewer.js";
import { instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { freshDatabase } from "./databases.js";
import { openHouse, password } from "./house.js";

export type ApiHouse = Awaited<ReturnType<typeof openApiHouse>>;

/** The house on a day, at ten unless told. */
export async function openApiHouse(today: ShopDay, time = "10:00") {
  const database = await freshDatabase("sqlite");
  const house = openHouse(await database.open(), movableWorld(instantOf(today, time, "Asia/Shanghai")));
  const server = createApp(await house.services.app()).callback();
  const { identity } = house.services;
  return {
    ...house,
    /** Asks as nobody. */
    stranger: () => request(server),
    account: (login: string, role: Role, place: { regionId?: number; guideId?: number } = {}) =>
      identity.createAccount({ login, name: login, role, password, ...place }),
    /** Signs somebody in, who then asks with the word of their own pages, or another. */
    as: async (login: string) => {
      const answer = await request(server).post("/sign-in").type("form").send({ login, password });
      const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
      const session = await identity.sessionOf(cookie.split("=")[1] ?? "");
      return (
        method: "get" | "post" | "put" | "delete",
        path: string,
        body?: object,
        csrf = session?.csrf ?? "",
      ) => {
        const asked = request(server)
          [method](encodeURI(path))
          .set("Cookie", cookie)
          .set("X-CSRF-Token", csrf);
        return body === undefined ? asked : asked.send(body);
      };
    },
    close: async () => {
      await house.close();
      await database.drop();
    },
  };
}
