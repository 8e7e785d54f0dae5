// HTML of the two pages: plain, zh-CN first, everything in it escaped.

const STYLE = `body{font:15px/1.6 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1d2430}
h1{font-size:1.5rem}h2{margin-top:2.5rem;border-bottom:1px solid #dde}summary{cursor:pointer;padding:.3rem 0}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:#f5f6f9;padding:.8rem;overflow:auto;max-height:28rem}
.m{display:inline-block;width:3.6rem;font-weight:700;color:#0a5}.r{color:#667}a{color:#0645ad}`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escaped = (text: unknown): string =>
  String(text).replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

const pageOf = (title: string, body: string): string =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;

const LINKS: readonly (readonly [string, string, string])[] = [
  ['/docs', '接口文档', 'API reference'],
  ['/openapi.json', 'OpenAPI 3.1', 'machine-readable'],
  ['/readyz', '就绪检查', 'readiness by dependency'],
  ['/metrics', 'Prometheus 指标', 'metrics'],
];

export const landingPage = (): string =>
  pageOf(
    'sopflow',
    `<h1>sopflow</h1><p>营销自动化与 SOP 引擎：每次触达先问管控，每次决策都有解释。<br><span class="r">Marketing automation and SOP engine: one gate decides every contact, one ledger explains every decision.</span></p><ul>${LINKS.map(
      ([href, zh, en]) => `<li><a href="${href}">${zh}</a> <span class="r">${en}</span></li>`,
    ).join('')}</ul>`,
  );

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly 'x-roles'?: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>
  >;
}

/** The reference: one fold per operation, by resource. */
export function docsPage(document: Readonly<Record<string, unknown>>): string {
  const byTag = new Map<string, string[]>();
  for (const [path, item] of Object.entries(
    document.paths as Record<string, Record<string, Operation>>,
  ))
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags[0] ?? 'service';
      byTag.set(tag, [...(byTag.get(tag) ?? []), foldOf(method, path, operation)]);
    }

  const sections = [...byTag].map(
    ([tag, folds]) => `<h2 id="${escaped(tag)}">${escaped(tag)}</h2>${folds.join('')}`,
  );

  return pageOf('sopflow API', `<h1>sopflow API</h1>${INTRODUCTION}${sections.join('')}`);
}

const INTRODUCTION = `<p>请求头 <code>Authorization: Bearer &lt;密钥&gt;</code>；写操作可带 <code>Idempotency-Key</code>；错误为 RFC 9457 problem+json，<code>code</code> 稳定不变。<br>
<span class="r">Send <code>Authorization: Bearer &lt;key&gt;</code>; writes accept <code>Idempotency-Key</code>; errors are RFC 9457 problem+json with a stable <code>code</code>.</span> <a href="/openapi.json">openapi.json</a></p>`;

function foldOf(method: string, path: string, operation: Operation): string {
  const roles = operation['x-roles']?.join(', ') ?? '公开 / public';
  const parameters = operation.parameters.map(
    ({ name, in: place, required }) =>
      `<li><code>${escaped(name)}</code> <span class="r">${place}${required ? ', required' : ''}</span></li>`,
  );
  const [request] = Object.values(operation.requestBody?.content ?? {});
  const [answer] = Object.values(operation.responses['200']?.content ?? {});

  return `<details><summary><span class="m">${method.toUpperCase()}</span> <code>${escaped(path)}</code> ${escaped(operation.summary)} <span class="r">${escaped(operation.description)}</span></summary>
<p class="r">角色 / roles: ${escaped(roles)}</p>${parameters.length > 0 ? `<ul>${parameters.join('')}</ul>` : ''}${schemaBlock('请求 / request', request)}${schemaBlock('应答 / answer', answer)}</details>`;
}

const schemaBlock = (title: string, content: { readonly schema: unknown } | undefined): string =>
  content ? `<p>${title}</p><pre>${escaped(JSON.stringify(content.schema, null, 2))}</pre>` : '';
