// Pages for people: where to begin, and the API's reference, written from the OpenAPI document without scripts or foreign hosts.

import { z } from 'zod';
import { endpoint, type Route } from '../exchange';
import { openapiOf } from '../openapi';
import { docsPage, landingPage } from '../pages';

const API_VERSION = '0.1.0';

export const landing = endpoint({
  summary: ['首页', 'Where to begin'],
  answerType: 'text/html',
  handle: () => ({ type: 'html', body: landingPage() }),
});

/** The documents about a route table, of which they are rows themselves. */
export function referencePages(routes: () => readonly Route[]) {
  let document: ReturnType<typeof openapiOf> | null = null;
  /** Made when first asked for: the table and the schemas never change while running. */
  const openapiDocument = () => (document ??= openapiOf(routes(), API_VERSION));

  return {
    openapi: endpoint({
      summary: ['OpenAPI 3.1 文档', 'The OpenAPI 3.1 document'],
      answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
      handle: () => ({ body: openapiDocument() }),
    }),
    docs: endpoint({
      summary: ['接口文档', 'The API for people'],
      answerType: 'text/html',
      handle: () => ({ type: 'html', body: docsPage(openapiDocument()) }),
    }),
  };
}
