// An audience in Chinese, as HQ reads it on the desk.
import { AUDIENCE_FIELDS, type Audience, type AudienceField, isEveryone } from "./audience.js";

const FIELD_NAMES: Record<AudienceField, string> = {
  source: "来源",
  level: "等级",
  brand_preference: "品牌偏好",
  tag: "标签",
  region: "区域",
};

/** Whom a touchpoint is for: 全部客户, or 来源：门店、电商；标签：二胎. */
export function sayAudience(audience: Audience): string {
  if (isEveryone(audience)) return "全部客户";
  return AUDIENCE_FIELDS.flatMap((field) => {
    const values = audience[field];
    return values ? [`${FIELD_NAMES[field]}：${values.join("、")}`] : [];
  }).join("；");
}
