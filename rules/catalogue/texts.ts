// A template as people publish it: one text for one channel, or a text for each channel of a touch.

import { CHANNEL_NAMES, type ChannelName, type TouchClass } from '../contact/contact';

export type Template = SingleText | ChannelTexts;

interface SingleText {
  readonly channel: ChannelName;
  readonly class: TouchClass;
  readonly text: string;
}

interface ChannelTexts {
  readonly class: TouchClass;
  readonly texts: { readonly [channel in ChannelName]?: string };
}

/** A text with its channel and where it stands in the body. */
interface PlacedText {
  readonly channel: ChannelName;
  readonly text: string;
  readonly path: string;
}

/** Every text of a template. */
export function textsOf(template: Template): readonly PlacedText[] {
  if (!('texts' in template))
    return [{ channel: template.channel, text: template.text, path: 'text' }];

  return CHANNEL_NAMES.flatMap((channel) => {
    const text = template.texts[channel];
    return text === undefined ? [] : [{ channel, text, path: `texts.${channel}` }];
  });
}

/** The text for a channel; null: it has none. */
export const textOn = (template: Template, channel: string): string | null =>
  textsOf(template).find((each) => each.channel === channel)?.text ?? null;

/** How a touch says that its template has no text for its channel. */
export const noTextOn = (channel: string): string => `no-text-${channel}`;

/** True when the text may be said in a touch of this class. What answers an act of the customer is worded as a service. */
export const isOfClass = (template: Template, touchClass: TouchClass): boolean =>
  template.class === touchClass || (touchClass === 'reply' && template.class !== 'marketing');
