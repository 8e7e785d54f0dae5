// Every contract, for the stores that `make` makes.

import { describeAddressStoreContract } from './addresses';
import { describeBookReportStoreContract } from './bookReports';
import type { Make } from './builders';
import { describeCalendarLivesContract } from './calendarLives';
import { describeConditionStoreContract } from './conditions';
import { describeContactActStoreContract } from './contactActs';
import { describeContactMergeContract } from './contactMerges';
import { describeContactStoreContract } from './contacts';
import { describeDeliveryStoreContract } from './deliveries';
import { describeFactContract } from './facts';
import { describeImportStoreContract } from './imports';
import { describeInboxContract } from './inbox';
import { describeKeyStoreContract } from './keys';
import { describeLeadStoreContract } from './leads';
import { describeLeaseStoreContract } from './leases';
import { describeLibraryContract } from './library';
import { describeNameClaimStoreContract } from './nameClaims';
import { describeOrderStoreContract } from './orders';
import { describeOverdueContract } from './overdue';
import { describePathContract } from './paths';
import { describeQuotaStoreContract } from './quotas';
import { describeReplyStoreContract } from './replies';
import { describeRunStoreContract } from './runs';
import { describeSealStoreContract } from './seals';
import { describeTouchStoreContract } from './touches';
import { describeWelcomeCodeStoreContract } from './welcomeCodes';

export function describeStoresContract(name: string, make: Make): void {
  describeTouchStoreContract(name, make);
  describeOverdueContract(name, make);
  describeBookReportStoreContract(name, make);
  describeContactStoreContract(name, make);
  describeFactContract(name, make);
  describeAddressStoreContract(name, make);
  describeReplyStoreContract(name, make);
  describeLibraryContract(name, make);
  describeCalendarLivesContract(name, make);
  describeImportStoreContract(name, make);
  describeInboxContract(name, make);
  describeLeaseStoreContract(name, make);
  describeDeliveryStoreContract(name, make);
  describeRunStoreContract(name, make);
  describeLeadStoreContract(name, make);
  describeOrderStoreContract(name, make);
  describeKeyStoreContract(name, make);
  describeQuotaStoreContract(name, make);
  describeConditionStoreContract(name, make);
  describeWelcomeCodeStoreContract(name, make);
  describeSealStoreContract(name, make);
  describeNameClaimStoreContract(name, make);
  describeContactActStoreContract(name, make);
  describeContactMergeContract(name, make);
  describePathContract(name, make);
}
