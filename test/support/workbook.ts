// Writes workbooks as spreadsheets do, for tests and benches: a zip of a few parts, the texts of cells behind the sheets.

import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

interface Part {
  readonly name: string;
  readonly pieces: Iterable<string>;
}

export interface TestWorkbook {
  /** By name: the XML of rows, as `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`. */
  readonly sheets: Readonly<Record<string, Iterable<string>>>;
  readonly hidden?: readonly string[];
  readonly strings?: Iterable<string>;
  /** Formats of the cell styles 1, 2, … : the number of a known one, or a format of its own. */
  readonly styles?: readonly (number | string)[];
  readonly date1904?: boolean;
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';
const FIRST_OWN_FORMAT = 164;

/** The bytes of a workbook. */
export function workbookOf(workbook: TestWorkbook): Promise<Buffer> {
  const names = Object.keys(workbook.sheets);
  const sheets = Object.entries(workbook.sheets).map(([, rows], i) => ({
    name: `xl/worksheets/sheet${i + 1}.xml`,
    pieces: wrapped(`<worksheet ${MAIN}><sheetData>`, rows, '</sheetData></worksheet>'),
  }));
  const relations = names.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );

  return zipOf([
    part(
      '_rels/.rels',
      `<Relationships ${RELATIONS}><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    part('xl/workbook.xml', mainOf(workbook, names)),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships ${RELATIONS}>${relations.join('')}<Relationship Id="rId98" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId99" Type="${OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    ),
    ...sheets,
    part('xl/styles.xml', stylesOf(workbook.styles ?? [])),
    {
      name: 'xl/sharedStrings.xml',
      pieces: wrapped(`<sst ${MAIN}>`, workbook.strings ?? [], '</sst>'),
    },
  ]);
}

const part = (name: string, xml: string): Part => ({ name, pieces: [xml] });

function* wrapped(before: string, pieces: Iterable<string>, after: string): Generator<string> {
  yield before;
  yield* pieces;
  yield after;
}

function mainOf({ hidden = [], date1904 }: TestWorkbook, names: readonly string[]): string {
  const sheets = names.map(
    (name, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${hidden.includes(name) ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  );
  return `<workbook ${MAIN} xmlns:r="${OFFICE}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets.join('')}</sheets></workbook>`;
}

function stylesOf(styles: NonNullable<TestWorkbook['styles']>): string {
  const ids = styles.map((style, i) => (typeof style === 'number' ? style : FIRST_OWN_FORMAT + i));
  const own = styles.flatMap((style, i) =>
    typeof style === 'string'
      ? [
          `<numFmt numFmtId="${FIRST_OWN_FORMAT + i}" formatCode="${style.replaceAll('"', '&quot;')}"/>`,
        ]
      : [],
  );
  const cells = [0, ...ids].map((id) => `<xf numFmtId="${id}"/>`);
  return `<styleSheet ${MAIN}><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${cells.join('')}</cellXfs></styleSheet>`;
}

/** A zip of these parts, each packed. */
async function zipOf(parts: readonly Part[]): Promise<Buffer> {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;

  for (const { name, pieces } of parts) {
    const { packed, size, sum } = await deflated(pieces);
    const sizes = [sum, packed.length, size];
    const head = Buffer.concat([
      fields('PK\x03\x04', [20, 0x800, 8, 0, 0], sizes, [name.length, 0]),
      Buffer.from(name),
    ]);
    central.push(
      fields('PK\x01\x02', [20, 20, 0x800, 8, 0, 0], sizes, [name.length, 0, 0, 0, 0]),
      fields('', [], [0, offset], []),
      Buffer.from(name),
    );
    local.push(head, packed);
    offset += head.length + packed.length;
  }

  const directory = Buffer.concat(central);
  const end = fields(
    'PK\x05\x06',
    [0, 0, parts.length, parts.length],
    [directory.length, offset],
    [0],
  );
  return Buffer.concat([...local, directory, end]);
}

/** A signature, then numbers of two, of four and of two bytes. */
function fields(
  signature: string,
  short: readonly number[],
  long: readonly number[],
  more: readonly number[],
): Buffer {
  const bytes = Buffer.alloc(
    signature.length + 2 * short.length + 4 * long.length + 2 * more.length,
  );
  let at = bytes.write(signature, 'latin1');
  for (const value of short) at = bytes.writeUInt16LE(value, at);
  for (const value of long) at = bytes.writeUInt32LE(value, at);
  for (const value of more) at = bytes.writeUInt16LE(value, at);
  return bytes;
}

async function deflated(pieces: Iterable<string>) {
  let size = 0;
  let sum = 0;
  function* counted(): Generator<Buffer> {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      size += bytes.length;
      sum = crc32(bytes, sum);
      yield bytes;
    }
  }

  const packed: Buffer[] = [];
  for await (const piece of Readable.from(counted()).pipe(createDeflateRaw()))
    packed.push(piece as Buffer);
  return { packed: Buffer.concat(packed), size, sum };
}
