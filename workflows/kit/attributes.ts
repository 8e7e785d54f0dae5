// By what people search flows in the Temporal UI.

import { SEARCH_ATTRIBUTES } from '../../rules/journey/searchAttributes';
import { defineSearchAttributeKey, SearchAttributeType } from './temporal';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

export const journeyKey = keyword(SEARCH_ATTRIBUTES.journey);
export const cityKey = keyword(SEARCH_ATTRIBUTES.city);
export const stepKey = keyword(SEARCH_ATTRIBUTES.step);
export const outcomeKey = keyword(SEARCH_ATTRIBUTES.outcome);
