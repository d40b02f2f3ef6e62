// Files at WeCom: uploaded once for all processes and again before their three days end; and the guides' contact codes.
import type { World } from "../../kernel/world.js";
import type { ChannelFile, FollowUpAttachment, PagePart } from "../port.js";
import type { WecomClient } from "./client.js";
import { addContactWay, type MediaType, uploadLasting, uploadMedia } from "./media-requests.js";
import type { MassAttachment } from "./requests.js";
import type { TokenStore } from "./token.js";

const hour = 3_600_000;
/** A media id lives three days; one that is older than this is not used any more. */
const usable = 60 * hour;
const forEver = Number.MAX_SAFE_INTEGER;

/** The files and codes of one corp. Ids are shared where the tokens are. */
export class WecomMedia {
  readonly #corp: string;

  constructor(
    private readonly client: WecomClient,
    private readonly store: TokenStore,
    corpid: string,
    private readonly world: Pick<World, "now">,
  ) {
    this.#corp = `wecom:${corpid}`;
  }

  /** Attachments as a mass send names them; what is not at WeCom yet, or not for `least` ms more, is uploaded first. */
  async named(attachments: readonly FollowUpAttachment[], least = 0): Promise<MassAttachment[]> {
    const named: MassAttachment[] = [];
    for (const one of attachments) named.push(await this.#name(one, least));
    return named;
  }

  /** An attachment as the JS-SDK names it: sendChatMessage, and shareToExternalContact beside words. */
  async pagePart(one: FollowUpAttachment): Promise<PagePart> {
    switch (one.kind) {
      case "picture": {
        const image = { mediaid: await this.#id("image", one.file) };
        return { chat: { msgtype: "image", image }, share: { msgtype: "image", image } };
      }
      case "file": {
        const file = { mediaid: await this.#id("file", one.file) };
        return { chat: { msgtype: "file", file }, share: { msgtype: "file", file } };
      }
      case "video": {
        const video = { mediaid: await this.#id("video", one.file) };
        return { chat: { msgtype: "video", video }, share: { msgtype: "video", video } };
      }
      case "mini_program": {
        const { title, appid, page, cover } = one;
        const miniprogram = { appid, title, imgUrl: await this.#lasting(cover), page: withSuffix(page) };
        return {
          chat: { msgtype: "miniprogram", miniprogram },
          share: { msgtype: "miniprogram", miniprogram },
        };
      }
      case "link": {
        const { title, url, desc, picture } = one;
        const imgUrl = (typeof picture === "object" ? await this.#lasting(picture) : picture) ?? "";
        const news = { link: url, title, desc, imgUrl };
        return {
          chat: { msgtype: "news", news },
          share: { msgtype: "link", link: { title, imgUrl, desc, url } },
        };
      }
    }
  }

  /** A picture's media id, for messages of the app itself. */
  picture(file: ChannelFile): Promise<string> {
    return this.#id("image", file);
  }

  /** Counts the files of attachments as never uploaded: WeCom knows their ids no more. */
  async forget(attachments: readonly FollowUpAttachment[]): Promise<void> {
    for (const one of attachments) {
      const file = one.kind === "mini_program" ? one.cover : "file" in one ? one.file : undefined;
      if (file) await this.store.write(this.#mediaKey(typeOf(one), file), { token: "gone", expiresAt: 0 });
    }
  }

  /** The picture of a guide's own code; the contact way behind it is made once for ever. */
  async code(userid: string): Promise<Buffer> {
    const url = await this.#once(`${this.#corp}:code:${userid}`, forEver, async () => {
      const { config_id, qr_code } = await addContactWay(this.client, userid);
      return JSON.stringify({ configId: config_id, picture: qr_code });
    });
    return this.client.download((JSON.parse(url) as { picture: string }).picture);
  }

  async #name(one: FollowUpAttachment, least: number): Promise<MassAttachment> {
    switch (one.kind) {
      case "picture":
        return { msgtype: "image", image: { media_id: await this.#id("image", one.file, least) } };
      case "file":
        return { msgtype: "file", file: { media_id: await this.#id("file", one.file, least) } };
      case "video":
        return { msgtype: "video", video: { media_id: await this.#id("video", one.file, least) } };
      case "mini_program": {
        const { title, appid, page, cover } = one;
        const pic_media_id = await this.#id("image", cover, least);
        return { msgtype: "miniprogram", miniprogram: { title, pic_media_id, appid, page } };
      }
      case "link": {
        const { title, url, desc, picture } = one;
        const picurl = typeof picture === "object" ? await this.#lasting(picture) : picture;
        const shown = { ...(picurl ? { picurl } : {}), ...(desc ? { desc } : {}) };
        return { msgtype: "link", link: { title, ...shown, url } };
      }
    }
  }

  #id(type: MediaType, file: ChannelFile, least = 0): Promise<string> {
    const upload = async () => uploadMedia(this.client, type, { name: file.name, bytes: await file.read() });
    return this.#once(this.#mediaKey(type, file), usable, upload, least);
  }

  #lasting(file: ChannelFile): Promise<string> {
    return this.#once(`${this.#corp}:picture:${file.digest}`, forEver, async () =>
      uploadLasting(this.client, { name: file.name, bytes: await file.read() }),
    );
  }

  #mediaKey(type: MediaType, file: ChannelFile): string {
    return `${this.#corp}:${type}:${file.digest}`;
  }

  /** What is kept under a key and good for `least` ms yet, else made by one of all who ask. */
  async #once(key: string, lasts: number, make: () => Promise<string>, least = 0): Promise<string> {
    const kept = async () => {
      const one = await this.store.read(key);
      return one && one.expiresAt > this.world.now() + least ? one.token : undefined;
    };
    const known = await kept();
    if (known !== undefined) return known;
    return this.store.lock(key, async () => {
      const meanwhile = await kept();
      if (meanwhile !== undefined) return meanwhile;
      const token = await make();
      const expiresAt = lasts === forEver ? forEver : this.world.now() + lasts;
      await this.store.write(key, { token, expiresAt });
      return token;
    });
  }
}

/** The JS-SDK wants `.html` behind a mini-program page's path. */
function withSuffix(page: string): string {
  const [path = "", query] = page.split("?", 2);
  const whole = path.endsWith(".html") ? path : `${path}.html`;
  return query === undefined ? whole : `${whole}?${query}`;
}

function typeOf({ kind }: FollowUpAttachment): MediaType {
  return kind === "file" || kind === "video" ? kind : "image";
}
