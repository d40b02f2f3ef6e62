// Texts that chat systems write in somebody's name.

/** Greetings that WeChat and WeCom write by themselves when two people become contacts. */
const AUTOMATIC = [
  /^我(已经)?通过了你的(好友|朋友|联系人)?(验证)?(请求|申请)[，,。.！!\s]*现在我们可以开始聊天了[。.！!]?$/,
  /^我已经?添加了你[，,。.！!\s]*现在我们可以开始聊天了[。.！!]?$/,
  /^I('|’)?ve (accepted|approved) your (friend|contact) request[.,!]\s*(Now (let('|’)s|we can) (start )?chat(ting)?|You can start chatting)[.!]?$/i,
];

/** Whether a text was written by the chat system, not by the person it stands under. */
export function isAutomatic(text: string): boolean {
  const said = text.trim();
  return AUTOMATIC.some((pattern) => pattern.test(said));
}
