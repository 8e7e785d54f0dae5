// Imports of files in memory.

import type { ImportJob, ImportStore, LeftRow } from '../../ports/imports';
import { copy } from './copy';

const isOpen = ({ state }: ImportJob): boolean =>
  state === 'uploading' || state === 'waiting' || state === 'running';

export function createMemoryImports(): ImportStore {
  const pieces = new Map<string, Uint8Array[]>();
  const jobs = new Map<string, ImportJob>();
  const rows = new Map<string, LeftRow[]>();

  function change(
    id: string,
    isFit: (job: ImportJob) => boolean,
    more: Partial<ImportJob>,
  ): boolean {
    const job = jobs.get(id);
    if (!job || !isFit(job)) return false;
    jobs.set(id, { ...job, ...copy(more) });
    return true;
  }

  return {
    async keepPiece(fileId, number, bytes) {
      const kept = pieces.get(fileId) ?? [];
      kept[number] = Uint8Array.from(bytes);
      pieces.set(fileId, kept);
    },
    piece: async (fileId, number) => pieces.get(fileId)?.[number] ?? null,
    async removeFile(fileId) {
      pieces.delete(fileId);
    },

    async create(job) {
      jobs.set(job.id, copy(job));
    },
    find: async (id) => copy(jobs.get(id) ?? null),
    async list({ owner, digest, after, limit }) {
      const fits = (job: ImportJob): boolean =>
        (owner === undefined || job.owner === owner) &&
        (digest === undefined || job.digest === digest) &&
        (after === undefined || job.id < after);
      const newest = [...jobs.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
      return copy(newest.filter(fits).slice(0, limit));
    },
    open: async (limit) =>
      copy(
        [...jobs.values()]
          .filter((job) => isOpen(job) && job.state !== 'uploading')
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      ),

    note: async (id, found) => change(id, isOpen, found),
    async advance(id, { from, sums, left }) {
      const stands = (job: ImportJob): boolean => job.state === 'running' && job.sums.rows === from;
      const isFirst = change(id, stands, { sums });
      if (isFirst) rows.set(id, [...(rows.get(id) ?? []), ...copy(left)]);
      return isFirst;
    },
    end: async (id, state, at, problem) =>
      change(id, isOpen, { state, endedAt: at, ...(problem && { problem }) }),

    async *left(id, kind) {
      for (const row of rows.get(id) ?? [])
        if ((row.countingLine !== undefined) === (kind === 'repeated')) yield copy(row);
    },
    async removeBefore(at) {
      const isOld = ({ state, createdAt, endedAt }: ImportJob): boolean =>
        (endedAt ?? (state === 'uploading' ? createdAt : at)) < at;
      const old = [...jobs.values()].filter(isOld);
      for (const { id } of old) for (const kept of [jobs, rows, pieces]) kept.delete(id);
      return old.length;
    },
  };
}
