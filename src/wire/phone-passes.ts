// Phone numbers that were stored before they could be searched for: filled in at the start, piece by piece.
import type { PhonesFilled } from "../customers/phone-filling.js";

export interface PhonePasses {
  phones(): Promise<string | undefined>;
}

export interface PhonePassParts {
  fillPhones(): Promise<PhonesFilled>;
}

/** The pass; there is nothing for it to do once all are filled in. */
export function phonePasses({ fillPhones }: PhonePassParts): PhonePasses {
  return {
    phones: async () => {
      const { filled, unreadable } = await fillPhones();
      if (filled + unreadable === 0) return undefined;
      const rest = unreadable > 0 ? `，${unreadable} 个号码用现在的密钥读不出来` : "";
      return `${filled} 个手机号可以搜索了${rest}`;
    },
  };
}
