// Inserting many documents of which some may be there already.

import type mongoose from 'mongoose';
import { mongo } from 'mongoose';

const DUPLICATE = 11000;

/** Inserts what is new, in any order. Per document: false when its key was taken, also by an earlier one of this call. */
export async function insertNew<D extends { readonly _id: string }>(
  model: mongoose.Model<D>,
  documents: readonly D[],
): Promise<boolean[]> {
  if (documents.length === 0) return [];

  const isNew = documents.map(() => true);
  try {
    // The driver's own call: mongoose leaves out documents that it finds invalid without a word.
    await model.collection.insertMany(documents as unknown as mongo.OptionalId<mongo.Document>[], {
      ordered: false,
    });
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const failures = writeErrorsOf(error);
    // The driver dresses a lost connection as a bulk error too; one without write errors says nothing of what was written.
    if (failures.length === 0) throw error;
    // Counted from the errors: not every server reports the right number of inserted documents.
    for (const failure of failures) {
      if (failure.code !== DUPLICATE) throw error;
      isNew[failure.index] = false;
    }
  }

  return isNew;
}

function writeErrorsOf(error: mongo.MongoBulkWriteError): readonly mongo.WriteError[] {
  return [error.writeErrors].flat();
}
