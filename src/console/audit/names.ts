// What actions are called in the record: areas and deeds, in Chinese. What has no name goes by its key.
import { AREAS } from "./areas.js";
import { FIELD_AND_VALUE_NAMES } from "./fields.js";
import { SUBJECT_NAMES } from "./subjects.js";

const VERBS: Readonly<Record<string, string>> = {
  add: "增加",
  "add-child": "添加宝宝",
  approve: "批准",
  archive: "归档",
  cancel: "取消",
  change: "修改",
  close: "关闭",
  correct: "更正",
  collect: "收进话术库",
  copy: "复制",
  create: "建立",
  delete: "删除",
  disable: "停用",
  discard: "丢弃草稿",
  draft: "保存草稿",
  edit: "修改",
  enable: "启用",
  "end-sessions": "退出所有登录",
  end: "结束",
  erase: "抹除",
  import: "导入",
  left: "登记离职",
  limits: "修改界限",
  merge: "合并",
  move: "移动",
  "opt-in": "恢复接收消息",
  "opt-out": "登记退订",
  password: "修改自己的密码",
  "password-reset": "重设密码",
  pause: "暂停",
  publish: "发布",
  pull: "启动",
  put: "登记",
  reject: "退回",
  release: "解除",
  remark: "修改备注",
  remove: "去掉",
  rename: "改名",
  restore: "恢复版本",
  resume: "恢复",
  retry: "重新安排",
  revoke: "停用",
  rule: "设定规则",
  "rule-drop": "去掉规则",
  run: "立即运行",
  save: "保存",
  seed: "补齐一年",
  set: "设定",
  settle: "选定版本",
  start: "发起",
  stay: "取消离职",
  stop: "停止",
  submit: "提交审批",
  sync: "立即同步",
  undo: "撤销",
  undone: "撤销完成",
  unmask: "查看手机号",
  void: "作废",
  withdraw: "撤回申请",
};

/** What somebody did, in two words: the area and the deed. */
export interface ActionName {
  area: string;
  verb: string;
}

/** Every name there is, each to be said in the reader's language. */
export const AUDIT_NAMES: readonly string[] = [
  ...Object.values(AREAS),
  ...Object.values(VERBS),
  ...FIELD_AND_VALUE_NAMES,
  ...SUBJECT_NAMES,
];

/** Whether an action is said in words alone. */
export function isNamed(action: string): boolean {
  const [area = "", verb = ""] = action.split(/\.(.*)/s);
  return Object.hasOwn(AREAS, area) && Object.hasOwn(VERBS, verb);
}

/** journey.publish → 旅程, 发布 */
export function actionName(action: string): ActionName {
  const [area = "", verb = ""] = action.split(/\.(.*)/s);
  return { area: AREAS[area] ?? area, verb: VERBS[verb] ?? verb };
}

/** 旅程 · 发布 */
export function actionText(action: string): string {
  const { area, verb } = actionName(action);
  return verb ? `${area} · ${verb}` : area;
}

/** The areas of some actions, by name. */
export function areaNames(actions: readonly string[]): { key: string; name: string }[] {
  const keys = [...new Set(actions.map((action) => action.split(".")[0] ?? action))];
  return keys.map((key) => ({ key, name: AREAS[key] ?? key }));
}
