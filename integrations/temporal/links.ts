// Where people look at a run: its page in the Temporal Web UI.

/** Makes links, or none when no UI is configured. */
export const runLinks =
  (uiUrl: string | undefined, namespace: string) =>
  (workflowId: string): string | undefined =>
    uiUrl === undefined
      ? undefined
      : `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
