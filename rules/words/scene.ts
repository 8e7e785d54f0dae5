// What the four cells of a scene are called.

import type { SceneCell } from '../catalogue/scene';
import { type Phrase, phrase } from './terms';

export function sceneCellWords({
  customerLikes,
  staffLikes,
}: Pick<SceneCell, 'customerLikes' | 'staffLikes'>): Phrase {
  const zh = `${customerLikes ? '客户爱听' : '客户不爱听'}，${staffLikes ? '员工爱说' : '员工不爱说'}`;
  const customer = customerLikes
    ? 'the customer likes to hear it'
    : 'the customer does not like to hear it';
  const staff = staffLikes ? 'staff likes to say it' : 'staff does not like to say it';

  return phrase(zh, `${customer}, ${staff}`);
}
