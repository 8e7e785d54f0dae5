// The limit of a read to the cities of its caller.

/** A row without a city is seen by those alone who see all cities. */
export const isInCities = (
  city: string | undefined,
  cities: readonly string[] | undefined,
): boolean => !cities || (city !== undefined && cities.includes(city));
