// The marks of a touch: what it can be told apart by besides its channel and class. Caps and gaps count by them.

export interface TouchMarks {
  readonly category?: string;
  readonly campaign?: string;
  readonly product?: string;
  /** The member who speaks. */
  readonly staffId?: string;
}

/** The marks of a touch as asked for, recorded or kept, and nothing else of it. */
export function marksOf({
  category,
  campaign,
  product,
  staffId,
}: { readonly [Mark in keyof TouchMarks]: string | undefined }): TouchMarks {
  return {
    ...(category !== undefined && { category }),
    ...(campaign !== undefined && { campaign }),
    ...(product !== undefined && { product }),
    ...(staffId !== undefined && { staffId }),
  };
}
