// By what people search runs in the Temporal UI. The namespace must know these names (embedded/temporal/ready.ts, docker-compose.yml).

export const SEARCH_ATTRIBUTES = {
  journey: 'SopJourney',
  city: 'SopCity',
  step: 'SopStep',
  outcome: 'SopOutcome',
} as const;
