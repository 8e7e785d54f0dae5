// The material library: what goes along with a text, or in place of one.

interface MaterialBase {
  readonly id: string;
  /** For those who pick it. */
  readonly name: string;
  readonly tags?: readonly string[];
}

export type Material = MaterialBase &
  (
    | { readonly kind: 'text'; readonly text: string }
    /** Address of an image. */
    | { readonly kind: 'poster'; readonly url: string }
    | {
        readonly kind: 'link';
        readonly url: string;
        readonly title: string;
        readonly description?: string;
        /** Address of an image. */
        readonly cover?: string;
      }
    | {
        readonly kind: 'mini-program';
        readonly appId: string;
        readonly page: string;
        readonly title: string;
        readonly cover: string;
      }
    | { readonly kind: 'file'; readonly url: string; readonly fileName: string }
  );
