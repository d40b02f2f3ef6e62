// The calls for files and contact codes, each with its fields and what its answer must hold.
import { z } from "zod";
import type { Endpoint, WecomClient } from "./client.js";

const text = z.string();

export type MediaType = "image" | "file" | "video";

interface Upload {
  name: string;
  bytes: Buffer;
}

// 20 MB over a slow line
const patience = 6;
// uploading twice does no harm: the first id is forgotten
const mediaUpload = {
  method: "POST",
  path: "media/upload",
  creates: false,
  patience,
  answer: z.looseObject({ media_id: text.min(1) }),
} satisfies Endpoint<unknown>;

/** Uploads a file for messages; gives its media id, good for three days in all apps of the corp. */
export async function uploadMedia(client: WecomClient, type: MediaType, file: Upload): Promise<string> {
  return (await client.call(mediaUpload, formOf(file), { type })).media_id;
}

const pictureUpload = {
  method: "POST",
  path: "media/uploadimg",
  creates: false,
  patience,
  answer: z.looseObject({ url: text.min(1) }),
} satisfies Endpoint<unknown>;

/** Uploads a picture of at most 2 MB for good; gives its address, for use inside WeCom. */
export async function uploadLasting(client: WecomClient, file: Upload): Promise<string> {
  return (await client.call(pictureUpload, formOf(file))).url;
}

function formOf({ name, bytes }: Upload): FormData {
  const form = new FormData();
  form.set("media", new File([bytes], name));
  return form;
}

// making two does no harm: one of them is kept and the other never shown
const contactWay = {
  method: "POST",
  path: "externalcontact/add_contact_way",
  creates: false,
  answer: z.looseObject({ config_id: text.min(1), qr_code: text.min(1) }),
} satisfies Endpoint<unknown>;

/** Makes a way for customers to add one guide by scanning a code; gives its id and the address of the code's picture. */
export function addContactWay(client: WecomClient, userid: string) {
  return client.call(contactWay, {
    type: 1,
    scene: 2,
    remark: "guidepost",
    state: "guidepost",
    user: [userid],
  });
}
