// Forms with files: the texts stand where a form's texts stand, the files beside them, and too much is refused.
import Koa from "koa";
import request from "supertest";
import { uploadsOf, withUploads } from "../../src/infra/uploads.js";
import { bodyOf } from "../../src/infra/web.js";
import { Refusal } from "../../src/kernel/refusals.js";

const app = new Koa();
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.body = { refused: error instanceof Refusal ? error.message : "fault" };
  }
});
app.use(withUploads(100_000));
app.use(async (ctx) => {
  const files = uploadsOf(ctx).map(({ field, name, bytes }) => [field, name, bytes.toString("latin1")]);
  ctx.body = { fields: bodyOf(ctx) ?? null, files };
});
const server = app.callback();

it("texts and files come apart; Chinese stays Chinese, bytes stay bytes", async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45]);
  const answer = await request(server)
    .post("/")
    .field("words", "您好\r\n宝宝")
    .field("tag", "a")
    .field("tag", "b")
    .attach("picture", bytes, "../../海 报?.png");
  expect(answer.body).toEqual({
    fields: { words: "您好\r\n宝宝", tag: ["a", "b"] },
    files: [["picture", "海 报_.png", bytes.toString("latin1")]],
  });
});

it("a field for files that nobody used is none", async () => {
  const body =
    '--x\r\nContent-Disposition: form-data; name="f"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n';
  const answer = await request(server)
    .post("/")
    .set("Content-Type", "multipart/form-data; boundary=x")
    .send(body);
  expect(answer.body).toEqual({ fields: {}, files: [] });
});

it.each([
  ["too much", "x".repeat(100_001)],
  ["cut off", '--x\r\nContent-Disposition: form-data; name="a"'],
])("%s is refused in words", async (_name, body) => {
  const answer = await request(server)
    .post("/")
    .set("Content-Type", "multipart/form-data; boundary=x")
    .send(body);
  expect(answer.body.refused).toMatch(/提交的内容/);
});

it("other bodies are left as they are", async () => {
  expect((await request(server).post("/").send({ a: 1 })).body).toEqual({ fields: null, files: [] });
});
