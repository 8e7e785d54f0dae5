// Whether the published texts are those that a journey needs: of its classes, and for the channels it may speak on.

import { CodedError, type Issue } from '../base/errors';
import { isOfClass, type Template, textOn } from '../catalogue/texts';
import type { TextUse } from './kind';
import { JOURNEY_KINDS, type JourneyKind, journeyKind } from './kinds';

/** A published version of a text. */
export interface PublishedText {
  /** `id@version`. */
  readonly ref: string;
  readonly body: Template;
}

/** What of a text does not fit its use, naming both. */
export function unfitFor(
  { class: asked, channels }: TextUse,
  { ref, body }: PublishedText,
): Issue[] {
  const lacking = channels.filter((channel) => textOn(body, channel) === null);
  const issues = lacking.map((channel): Issue => {
    const message = `${ref} has no text for ${channel}, on which the journey may speak`;
    return { path: 'template', message, value: ref, allowed: `a text for ${channels.join(', ')}` };
  });
  if (isOfClass(body, asked)) return issues;

  const message = `${ref} is of the class ${body.class}, the journey asks as ${asked}`;
  return [...issues, { path: 'template', message, value: ref, allowed: asked }];
}

/** @throws CodedError INVALID_INPUT naming every text that does not fit */
export function assertFitting(uses: readonly (readonly [TextUse, PublishedText])[]): void {
  const issues = uses.flatMap(([use, text]) => unfitFor(use, text));
  if (issues.length === 0) return;
  throw new CodedError('INVALID_INPUT', issues.map(({ message }) => message).join('; '), issues);
}

/** A journey that says a text without being told to, and as what. */
export interface StandingUse extends TextUse {
  readonly journey: JourneyKind;
}

/** The journeys that say the text of this id unless their start names another one. */
export const standingUses = (template: string): readonly StandingUse[] =>
  JOURNEY_KINDS.flatMap((journey) =>
    standingTexts(journey)
      .filter((use) => use.template === template)
      .map((use) => ({ ...use, journey })),
  );

/** Texts are chosen by what a start may leave out, and by nothing else of it. */
function standingTexts<K extends JourneyKind>(journey: K): readonly TextUse[] {
  const kind = journeyKind(journey);
  return kind.texts({ ...kind.defaults } as Parameters<typeof kind.texts>[0]);
}

/**
 * A text that a journey could never say: of another class, or for none of its channels. One that it can say on some of them may be
 * published, and the others are passed over.
 * @throws CodedError INVALID_INPUT naming the text and the journeys
 */
export function assertSayable(template: string, text: PublishedText): void {
  const issues = standingUses(template).flatMap((use): Issue[] => {
    const never = use.channels.every((channel) => textOn(text.body, channel) === null);
    if (!never && isOfClass(text.body, use.class)) return [];

    return unfitFor(use, text).map((issue) => ({
      ...issue,
      message: `${issue.message} (${use.journey})`,
    }));
  });
  if (issues.length === 0) return;

  throw new CodedError('INVALID_INPUT', issues.map(({ message }) => message).join('; '), issues);
}
