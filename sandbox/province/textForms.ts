// The forms of the demo's texts: for one channel, or one text for each.

import type { Template } from '../../rules/catalogue/texts';

/** How to refuse: every marketing text message ends with it. */
const OPT_OUT = '拒收请回复R';

export function wecom(touchClass: Template['class'], text: string): Template {
  return { channel: 'wecom', class: touchClass, text };
}

/** A touch that WeCom cannot bring goes by SMS. */
export function onBoth(
  touchClass: Template['class'],
  texts: { readonly wecom: string; readonly sms: string },
): Template {
  return { class: touchClass, texts };
}

/** A marketing text states how to refuse; who sends it stands before every text. */
export function sms(text: string): Template {
  return { channel: 'sms', class: 'marketing', text: `${text}${OPT_OUT}` };
}
