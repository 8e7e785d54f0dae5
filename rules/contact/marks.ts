// The marks of a touch: what it can be told apart by besides its channel and class. Caps and gaps count by them.

export interface TouchMarks {
  readonly category?: string;
  readonly campaign?: string;
  readonly product?: string;
  /** The member who speaks. */
  readonly staffId?: string;
}

/** The marks of a touch as asked for, recorded or kept, and nothing else of it. Field by field: every touch of a wave passes here. */
export function marksOf({
  category,
  campaign,
  product,
  staffId,
}: { readonly [Mark in keyof TouchMarks]: string | undefined }): TouchMarks {
  const marks: { -readonly [Mark in keyof TouchMarks]: string } = {};
  if (category !== undefined) marks.category = category;
  if (campaign !== undefined) marks.campaign = campaign;
  if (product !== undefined) marks.product = product;
  if (staffId !== undefined) marks.staffId = staffId;

  return marks;
}
