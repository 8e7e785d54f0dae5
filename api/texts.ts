// Texts before and when they are published: what is wrong with them, what they look like, and whom they lack a word for.

import type { Audience } from '../ports/contacts';
import type { Version } from '../ports/library';
import { CodedError, isCodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import { mapInParallel } from '../rules/base/mapInParallel';
import { render, type TextFrame } from '../rules/catalogue/message';
import { smsLength } from '../rules/catalogue/signature';
import { checkText, type VariableUse, variableUses } from '../rules/catalogue/textCheck';
import { type Template, textOn, textsOf } from '../rules/catalogue/texts';
import { exampleVariables, lackOf } from '../rules/catalogue/variables';
import type { ChannelName } from '../rules/contact/contact';
import { type RefusalReader, tokensOfNote } from '../rules/contact/refusal';
import { assertSayable, standingUses } from '../rules/journey/textFit';
import type { ApiDeps } from './deps';

/** A preview is shown whatever its length; the channel measures what is sent. */
const ANY_LENGTH = Number.POSITIVE_INFINITY;

/** @throws CodedError naming the text and what is wrong with it */
export function checkTexts(
  { id, body }: Pick<Version<Template>, 'id' | 'body'>,
  { smsFrame, readAnswer }: Pick<ApiDeps, 'smsFrame' | 'readAnswer'>,
): void {
  for (const { channel, text, path } of textsOf(body)) {
    checkText(text, { path, signature: channel === 'sms' ? smsFrame?.signature : undefined });
    checkNote(text, path, readAnswer);
  }

  assertSayable(id, { ref: id, body });
}

/** What a text asks customers to answer has to be understood when it comes back. @throws CodedError TEMPLATE_INVALID */
function checkNote(text: string, path: string, readAnswer: RefusalReader): void {
  const unknown = tokensOfNote(text).filter((token) => readAnswer(token) !== 'yes');
  if (unknown.length === 0) return;

  const words = unknown.map((token) => token.toUpperCase()).join(', ');
  const message = `asks to refuse with ${words}, which would not be understood`;
  const allowed = 'the word of SMS_REFUSAL_NOTE, one of SMS_REFUSAL_WORDS, or R, T, TD, N, STOP';
  throw new CodedError('TEMPLATE_INVALID', `${path}: ${message}`, [{ path, message, allowed }]);
}

/** The texts as customers get them, the channels that journeys go without, and who of an audience lacks which variable. */
export async function publishedTexts(
  { id, version, body }: Version<Template>,
  deps: ApiDeps,
  audience: Audience,
): Promise<object> {
  return {
    ref: versionRef(id, version),
    texts: textsOf(body).map((each) => previewOf(each, body, deps)),
    lacking: standingUses(id).flatMap(({ journey, channels }) =>
      channels
        .filter((channel) => textOn(body, channel) === null)
        .map((channel) => ({ journey, channel })),
    ),
    audience: await lacksOf(body, deps, audience),
  };
}

interface ChannelText {
  readonly channel: ChannelName;
  readonly text: string;
}

/** With values as they might be; how long a short message gets depends on them. */
function previewOf({ channel, text }: ChannelText, body: Template, { smsFrame }: ApiDeps) {
  const { signature, refusalNote } = (channel === 'sms' && smsFrame) || {};
  const isMarketing = body.class === 'marketing';
  const frame = { maxBytes: ANY_LENGTH, signature, ...(isMarketing && { refusalNote }) };
  const example = exampleOf(text, frame);
  if (example === null) return { channel };

  return { channel, example, ...(channel === 'sms' && smsLength(example)) };
}

/** With everything known, else for whom one thing is not: a text may be for those alone. Null: it takes more than that. */
function exampleOf(text: string, frame: TextFrame): string | null {
  const known = exampleVariables();
  const attempts = [
    known,
    ...variableUses(text).map(({ variable }) => {
      const { [variable]: _, ...others } = known;
      return others;
    }),
  ];

  for (const variables of attempts) {
    try {
      return render(text, variables, frame);
    } catch (error) {
      if (!isCodedError(error)) throw error;
    }
  }

  return null;
}

/** One count for the audience and one for each variable that is read. */
async function lacksOf(body: Template, { stores }: ApiDeps, audience: Audience) {
  const catalogue = (await stores.catalogues.current('default'))?.body ?? NO_PRODUCTS;
  const contacts = await stores.contacts.countAudience(audience);

  const variables = await mapInParallel(usesOf(body), async ({ variable, required }) => {
    const lack = lackOf(variable, catalogue);
    const lacking = lack === null ? 0 : await stores.contacts.countAudience(audience, lack);
    return { variable, required, contacts: lacking };
  });

  return { contacts, variables };
}

const NO_PRODUCTS = { products: [], migrations: [] };

/** Of all texts: required where one of them cannot do without. */
function usesOf(body: Template): readonly VariableUse[] {
  const uses = new Map<string, VariableUse>();
  for (const use of textsOf(body).flatMap(({ text }) => variableUses(text)))
    if (use.required || !uses.has(use.variable)) uses.set(use.variable, use);

  return [...uses.values()];
}
