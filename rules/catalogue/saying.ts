// What a member of staff may say to a contact, filled for this contact; what is not known of it is named instead of guessed.

import { isCodedError } from '../base/errors';
import { fill, type Variables } from './fill';
import type { Scene } from './scene';
import { readTemplate } from './template';
import { type Template, textsOf } from './texts';

/** `lacks`: the variable without a value, or what else keeps the text from being said. */
export type Saying = { readonly text: string } | { readonly lacks: string };

/** @throws whatever is no fault of the text or of what is known of the contact */
export function sayingOf(text: string, variables: Variables): Saying {
  try {
    return { text: fill(readTemplate(text), variables) };
  } catch (error) {
    if (!isCodedError(error) || !error.code.startsWith('TEMPLATE_')) throw error;
    return { lacks: error.issues[0]?.path ?? error.code };
  }
}

/** The texts of a template, each for its channel. */
export const sayingsOfTemplate = (template: Template, variables: Variables) =>
  textsOf(template).map(({ channel, text }) => ({ channel, ...sayingOf(text, variables) }));

/** The scripts of a scene, those first that customers like to hear and staff likes to say. */
export const sayingsOfScene = ({ scripts }: Pick<Scene, 'scripts'>, variables: Variables) =>
  scripts
    .map(({ id, customerLikes, staffLikes, text }) => ({
      ...{ id, customerLikes, staffLikes },
      ...sayingOf(text, variables),
    }))
    .sort((a, b) => easeOf(b) - easeOf(a));

const easeOf = (script: { readonly customerLikes: boolean; readonly staffLikes: boolean }) =>
  Number(script.customerLikes) * 2 + Number(script.staffLikes);
