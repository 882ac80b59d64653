//! The ways a store changes: rows are added or updated one at a time, numbered in order and dated by its clock.

use super::model::*;

/// A number for a row that has none, and the table's counter never behind a number that came from outside.
fn number(last: &mut u64, id: &mut u64) {
    if *id == 0 {
        *id = *last + 1;
    }
    *last = (*last).max(*id);
}

impl Store {
    /// Moves the clock on by a second and returns it: the date of the write in hand.
    pub fn tick(&mut self) -> UnixSeconds {
        self.clock += 1;
        self.clock
    }

    /// Adds (or replaces, by id) an order; ids of 0 in it and in its rows become the next free ones, and empty
    /// currencies the order's or the store's. Dates stay as they came.
    pub fn add_order(&mut self, mut order: Order) -> u64 {
        self.complete_order(&mut order);
        let id = order.id;
        self.orders.insert(id, order);
        id
    }

    fn complete_order(&mut self, order: &mut Order) {
        let last = &mut self.last_ids;
        number(&mut last.order, &mut order.id);
        if order.order_number.is_empty() {
            order.order_number = order.id.to_string();
        }
        if order.currency.is_empty() {
            order.currency = self.settings.currency.clone();
        }
        for item in &mut order.items {
            number(&mut last.item, &mut item.id);
            item.surcharges.iter_mut().for_each(|row| number(&mut last.surcharge, &mut row.id));
        }
        order.surcharges.iter_mut().for_each(|row| number(&mut last.surcharge, &mut row.id));
        order.tracking_numbers.iter_mut().for_each(|row| number(&mut last.tracking_number, &mut row.id));
        order.history.iter_mut().for_each(|row| number(&mut last.event, &mut row.id));
        order.details.iter_mut().for_each(|row| number(&mut last.detail, &mut row.id));
        for address in [&mut order.billing_address, &mut order.shipping_address].into_iter().flatten() {
            number(&mut last.address, &mut address.id);
        }
        if let Some(profile) = &mut order.order_profile_id {
            number(&mut last.profile, profile);
        }
        for transaction in &mut order.transactions {
            if transaction.currency.is_empty() {
                transaction.currency = order.currency.clone();
            }
            complete_transaction(last, transaction);
        }
    }

    /// Changes an order in place and raises its last-renew date, as X-Cart does when an order is saved.
    /// None when there is no such order.
    pub fn update_order<T>(&mut self, id: u64, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        let mut order = self.orders.remove(&id)?;
        order.last_renew_date = self.tick();
        let result = change(&mut order);
        order.id = id;
        self.complete_order(&mut order);
        self.orders.insert(id, order);
        Some(result)
    }

    /// Raises an order's last-renew date and nothing else.
    pub fn touch(&mut self, id: u64) -> Option<UnixSeconds> {
        self.update_order(id, |order| order.last_renew_date)
    }

    /// Adds a transaction to an order WITHOUT raising its last-renew date.
    // Nothing shows that a refund at the gateway moves the change date (issue 2, 3), so the sandbox does not move it.
    pub fn add_transaction(&mut self, order_id: u64, mut transaction: PaymentTransaction) -> Option<u64> {
        let order = self.orders.get_mut(&order_id)?;
        if transaction.currency.is_empty() {
            transaction.currency = order.currency.clone();
        }
        complete_transaction(&mut self.last_ids, &mut transaction);
        let id = transaction.id;
        order.transactions.push(transaction);
        Some(id)
    }

    /// Adds a gateway step (a capture, a refund) to a transaction, also without raising the order's date.
    pub fn add_backend_transaction(&mut self, transaction_id: u64, mut step: BackendTransaction) -> Option<u64> {
        let transaction = self
            .orders
            .values_mut()
            .flat_map(|order| order.transactions.iter_mut())
            .find(|transaction| transaction.id == transaction_id)?;
        number(&mut self.last_ids.backend_transaction, &mut step.id);
        step.data.iter_mut().for_each(|row| number(&mut self.last_ids.transaction_data, &mut row.id));
        let id = step.id;
        transaction.backend_transactions.push(step);
        Some(id)
    }

    pub fn add_profile(&mut self, mut profile: Profile) -> u64 {
        number(&mut self.last_ids.profile, &mut profile.id);
        profile.addresses.iter_mut().for_each(|row| number(&mut self.last_ids.address, &mut row.id));
        let id = profile.id;
        self.profiles.insert(id, profile);
        id
    }

    pub fn add_product(&mut self, mut product: Product) -> u64 {
        number(&mut self.last_ids.product, &mut product.id);
        let id = product.id;
        self.products.insert(id, product);
        id
    }

    /// Sets a payment status by code: date, history row and all. Same code again changes nothing.
    pub fn set_payment_status(&mut self, order_id: u64, code: &str) -> Option<()> {
        let named = |code: &str| status_name(&self.payment_statuses, code);
        let old = self.orders.get(&order_id)?.payment_status.clone().unwrap_or_default();
        if old == code {
            return Some(());
        }
        let event = status_event("CHANGE PAYMENT STATUS ORDER", "payment", order_id, named(&old), named(code));
        self.update_order(order_id, |order| {
            order.payment_status = Some(code.to_owned());
            order.history.push(HistoryEvent { date: order.last_renew_date, ..event });
        })
    }

    /// Sets a shipping status by code, like [`Store::set_payment_status`].
    pub fn set_shipping_status(&mut self, order_id: u64, code: &str) -> Option<()> {
        let named = |code: &str| status_name(&self.shipping_statuses, code);
        let old = self.orders.get(&order_id)?.shipping_status.clone().unwrap_or_default();
        if old == code {
            return Some(());
        }
        let event = status_event("CHANGE SHIPPING STATUS ORDER", "shipping", order_id, named(&old), named(code));
        self.update_order(order_id, |order| {
            order.shipping_status = Some(code.to_owned());
            order.history.push(HistoryEvent { date: order.last_renew_date, ..event });
            // Shipped mails the customer, and a sandbox has no mail to send, as the recorded kernel had none.
            if code == "S" {
                order.history.push(mail_failed(order.id, order.last_renew_date));
            }
        })
    }

    pub fn order_by_number(&self, number: &str) -> Option<&Order> {
        self.orders.values().find(|order| order.order_number == number)
    }
}

impl Profile {
    /// X-Cart's `searchFakeField`: what the profile filter of that name searches.
    pub fn search_text(&self) -> String {
        match self.addresses.first() {
            Some(Address { firstname, lastname, .. }) => format!("{firstname} {lastname} {firstname};{}", self.login),
            None => self.login.clone(),
        }
    }
}

fn complete_transaction(last: &mut LastIds, transaction: &mut PaymentTransaction) {
    number(&mut last.transaction, &mut transaction.id);
    transaction.data.iter_mut().for_each(|row| number(&mut last.transaction_data, &mut row.id));
    for step in &mut transaction.backend_transactions {
        number(&mut last.backend_transaction, &mut step.id);
        step.data.iter_mut().for_each(|row| number(&mut last.transaction_data, &mut row.id));
    }
}

fn status_name(statuses: &[OrderStatus], code: &str) -> String {
    statuses.iter().find(|status| status.code == code).map_or_else(|| code.to_owned(), |status| status.name.clone())
}

fn mail_failed(order_id: u64, date: UnixSeconds) -> HistoryEvent {
    HistoryEvent {
        date,
        code: "EMAIL CUSTOMER FAILED".to_owned(),
        description: "Failure sending email to the customer".to_owned(),
        data: Some([("orderId".to_owned(), order_id.into())].into_iter().collect()),
        author_name: Some("REST API".to_owned()),
        author_ip: "127.0.0.1".to_owned(),
        ..HistoryEvent::default()
    }
}

fn status_event(code: &str, which: &str, order_id: u64, old: String, new: String) -> HistoryEvent {
    let data = [("orderId", order_id.into()), ("newStatus", new.into()), ("oldStatus", old.into())];
    HistoryEvent {
        code: code.to_owned(),
        description: format!("Order {which} status changed from {{{{oldStatus}}}} to {{{{newStatus}}}}"),
        data: Some(data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        author_name: Some("REST API".to_owned()),
        author_ip: "127.0.0.1".to_owned(),
        ..HistoryEvent::default()
    }
}
