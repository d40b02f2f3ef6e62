// Answers that take their time: worked out once for all who ask, told how far they are, forgotten after a while.
import { slowAnswers, type Told } from "../../../src/console/journeys/publish-slow.js";
import { movableWorld } from "../../../src/kernel/world.js";

const world = movableWorld(0);

it("works a question out once, however many ask, and says how far it is", async () => {
  const answers = slowAnswers<number>(world, 5);
  let begun = 0;
  let tell: Told = () => {};
  let end: (value: number) => void = () => {};
  const work = (told: Told) => {
    begun++;
    tell = told;
    return new Promise<number>((resolve) => {
      end = resolve;
    });
  };
  expect(await answers.ask("a", work)).toEqual({ state: "running", done: 0, of: 0 });
  tell(3, 30);
  expect(await answers.ask("a", work)).toEqual({ state: "running", done: 3, of: 30 });
  end(42);
  expect(await answers.ask("a", work)).toEqual({ state: "done", value: 42 });
  expect(begun).toBe(1);
});

it("answers at once what is ready soon; keeps questions apart", async () => {
  const answers = slowAnswers<string>(world, 1_000);
  expect(await answers.ask("a", async () => "甲")).toEqual({ state: "done", value: "甲" });
  expect(await answers.ask("b", async () => "乙")).toEqual({ state: "done", value: "乙" });
  expect(await answers.ask("a", async () => "丙")).toEqual({ state: "done", value: "甲" });
});

it("forgets after a while, and tries again what failed", async () => {
  const answers = slowAnswers<string>(world, 1_000);
  await answers.ask("a", async () => "早");
  world.set(world.now() + 11 * 60_000);
  expect(await answers.ask("a", async () => "晚")).toEqual({ state: "done", value: "晚" });
  const fault = new Error("no");
  expect(await answers.ask("b", () => Promise.reject(fault))).toEqual({ state: "failed", error: fault });
  expect(await answers.ask("b", async () => "好")).toEqual({ state: "done", value: "好" });
});
