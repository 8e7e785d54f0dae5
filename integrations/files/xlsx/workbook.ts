// Which sheets a workbook has, where they lie, how it counts days, and which styles of cells show dates.

import { CodedError } from '../../../rules/base/errors';
import type { SerialBase } from '../../../rules/contact/file/date';
import type { Archive } from './archive';
import { type Attributes, readXmlPart } from './xml';

interface Sheet {
  readonly name: string;
  /** Where it lies in the archive. */
  readonly part: string;
  readonly isHidden: boolean;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly serials: SerialBase;
  readonly stringsPart: string;
  /** By the number of a cell's style. */
  readonly isDate: readonly boolean[];
}

export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = await mainPart(archive);
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const relations = await relationsOf(archive, main);
  const sheets: Sheet[] = [];
  let serials: SerialBase = 1900;

  readXmlPart(await archive.text(main), {
    opened(name, attributes) {
      if (name === 'workbookPr' && isTrue(attributes.date1904)) serials = 1904;
      if (name !== 'sheet') return;

      const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1] ?? '';
      const part = relations.get(id)?.target;
      const isHidden = (attributes.state ?? 'visible') !== 'visible';
      if (part) sheets.push({ name: attributes.name ?? '', part, isHidden });
    },
  });

  const partOf = (kind: string, usual: string): string =>
    [...relations.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target ??
    `${folder}${usual}`;
  return {
    sheets,
    serials,
    stringsPart: partOf('sharedStrings', 'sharedStrings.xml'),
    isDate: dateStyles(await archive.text(partOf('styles', 'styles.xml'))),
  };
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** The sheet that is asked for by name or number, otherwise the first that is shown. @throws CodedError INVALID_INPUT */
export function chosenSheet(sheets: readonly Sheet[], asked: string | undefined): Sheet {
  const shown = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
  const found =
    asked === undefined
      ? shown
      : (sheets.find(({ name }) => name === asked) ?? sheets[Number(asked) - 1]);
  if (found) return found;

  const allowed = sheets.map(({ name }) => name).join(', ');
  const message = `工作簿中没有这张表 no such sheet; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `sheet ${asked}: ${message}`, [
    { path: 'sheet', message, allowed },
  ]);
}

async function mainPart(archive: Archive): Promise<string> {
  const relations = await relationsOf(archive, '');
  const main = [...relations.values()].find(({ type }) => type.endsWith('/officeDocument'));
  return main?.target ?? 'xl/workbook.xml';
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

/** What a part refers to, by id. */
async function relationsOf(archive: Archive, part: string): Promise<Map<string, Relation>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const file = part.slice(folder.length);
  const relations = new Map<string, Relation>();

  readXmlPart(await archive.text(`${folder}_rels/${file}.rels`), {
    opened(name, { Id, Type, Target }: Attributes) {
      if (name === 'Relationship' && Id && Type && Target)
        relations.set(Id, { type: Type, target: absolute(folder, Target) });
    },
  });

  return relations;
}

/** A target beginning with a slash counts from the top of the archive. */
function absolute(folder: string, target: string): string {
  const parts = (target.startsWith('/') ? target.slice(1) : folder + target).split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
  }
  return kept.join('/');
}

/** Formats that every spreadsheet knows; those of 27 to 36 and 50 to 58 are dates of Chinese ones. */
const isKnownDate = (id: number): boolean =>
  (id >= 14 && id <= 22) ||
  (id >= 27 && id <= 36) ||
  (id >= 45 && id <= 47) ||
  (id >= 50 && id <= 58);

function dateStyles(xml: string): boolean[] {
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  let isInCells = false;

  readXmlPart(xml, {
    opened(name, { numFmtId, formatCode }) {
      const id = Number(numFmtId ?? 0);
      if (name === 'numFmt') own.set(id, isDateFormat(formatCode ?? ''));
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) styles.push(own.get(id) ?? isKnownDate(id));
    },
    closed(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });

  return styles;
}

/** Whether a format shows parts of a date, outside of what it quotes, escapes or puts into brackets. */
function isDateFormat(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '');
  return /[ymdhs年月日]/i.test(bare.replace(/general|G\/通用格式/i, ''));
}
