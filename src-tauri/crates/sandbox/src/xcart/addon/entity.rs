//! The add-on's names for what a store holds: `XLite\Model\Order\Status\Payment` is `order-status-payment`.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entity {
    Order,
    OrderItem,
    OrderSurcharge,
    OrderHistoryEvents,
    OrderTrackingNumber,
    OrderStatusPayment,
    OrderStatusShipping,
    PaymentTransaction,
    PaymentBackendTransaction,
    Profile,
    Address,
    Product,
    Currency,
}

impl Entity {
    pub fn parse(name: &str) -> Option<Entity> {
        Some(match name {
            "order" => Entity::Order,
            "orderitem" => Entity::OrderItem,
            "order-surcharge" => Entity::OrderSurcharge,
            "orderhistoryevents" => Entity::OrderHistoryEvents,
            "ordertrackingnumber" => Entity::OrderTrackingNumber,
            "order-status-payment" => Entity::OrderStatusPayment,
            "order-status-shipping" => Entity::OrderStatusShipping,
            "payment-transaction" => Entity::PaymentTransaction,
            "payment-backendtransaction" => Entity::PaymentBackendTransaction,
            "profile" => Entity::Profile,
            "address" => Entity::Address,
            "product" => Entity::Product,
            "currency" => Entity::Currency,
            _ => return None,
        })
    }

    pub fn has_complex(self) -> bool {
        matches!(self, Entity::Order | Entity::Profile | Entity::Product)
    }
}
