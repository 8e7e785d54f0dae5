// What is said to who asked that a person be forgotten: what is gone, what stays, and by which rule it stays.

/** What stays of a person, and why. */
export interface KeptByLaw {
  readonly what: string;
  readonly zh: string;
  readonly en: string;
}

/** PIPL: Personal Information Protection Law of the People's Republic of China. */
export const KEPT_BY_LAW: readonly KeptByLaw[] = [
  {
    what: 'ledger',
    zh: '触达决策与回执，以假名保存：证明未违规触达（《个人信息保护法》第 47 条第二款、第 55–56 条）',
    en: 'decisions and settlements under a pseudonym: proof that nobody was contacted against a rule (PIPL Art. 47(2), 55-56)',
  },
  {
    what: 'orders',
    zh: '订单与旅程结果，以假名保存：财务与争议处理（《电子商务法》第 31 条，交易信息保存不少于三年）',
    en: 'orders and outcomes of journeys under a pseudonym: accounts and disputes (E-Commerce Law Art. 31, three years at least)',
  },
  {
    what: 'forgotten',
    zh: '姓名、号码、客户号的加密摘要：再次导入时不得未经新的同意而营销',
    en: 'keyed hashes of the names: whoever is imported again is not marketed to without a fresh consent',
  },
];

/** What is gone, in a line each. */
export const removedLines = (removed: Readonly<Record<string, number>>): string[] =>
  Object.entries(removed).map(([what, count]) => `  ${what}: ${count}`);
