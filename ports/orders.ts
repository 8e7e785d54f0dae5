// Orders: the operator's CRM as a desk, and our own record of what was asked of it.

export type OrderState = 'accepted' | 'completed' | 'rejected';

export interface OrderRequest {
  /** Idempotency key: the CRM makes one order per key. */
  readonly orderKey: string;
  readonly contactId: string;
  readonly product: string;
  readonly staffId?: string;
}

export interface Order extends OrderRequest {
  readonly orderId: string;
  readonly state: OrderState;
  readonly reason?: string;
  readonly workflowId?: string;
  readonly at: string;
}

export interface OrderDesk {
  /** Places an order, or answers with the one already placed under this key. Throws when the outcome is unknown. */
  place(
    request: OrderRequest,
  ): Promise<{ readonly orderId: string; readonly state: OrderState; readonly reason?: string }>;
}

export interface OrderStore {
  /** Takes up one more word on an order, in whatever order they are heard (rules/journey/orderState.ts). */
  save(order: Order): Promise<void>;
  find(orderKey: string): Promise<Order | null>;
  list(filter: {
    readonly contactId?: string;
    readonly after?: string;
    readonly limit: number;
    readonly cities?: readonly string[];
  }): Promise<Order[]>;
  totals(): Promise<Readonly<Record<OrderState, number>>>;
}
