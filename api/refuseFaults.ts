// A version with faults goes no further, whatever it is a version of.

import { CodedError, type Issue } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';

/**
 * @param wanted what it cannot be: approved, published, enabled
 * @throws CodedError INVALID_INPUT naming every fault and its place
 */
export function refuseFaults(
  { id, version }: { readonly id: string; readonly version: number },
  wanted: string,
  issues: readonly Issue[],
): void {
  if (issues.length === 0) return;

  const said = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new CodedError(
    'INVALID_INPUT',
    `${versionRef(id, version)} cannot be ${wanted}: ${said}`,
    issues,
  );
}
