-- A made-up shop of getvariable('profiles') people in the year before 1 May 2026: heavy-tailed, and the same every time.
-- Everything is drawn by hashing what it is about; draw(a, b) is uniform in [0, 1), tail(a, b, mean, sigma) log-normal.

create macro draw(about, what) as (hash(hash(about, what)) >> 11) / 9007199254740992.0;
create macro normal(about, what) as
    sqrt(-2 * ln(1 - draw(about, what || ' 1'))) * cos(2 * pi() * draw(about, what || ' 2'));
create macro tail(about, what, mean, sigma) as exp(ln(mean) - sigma * sigma / 2 + sigma * normal(about, what));
create macro pick(about, what, options) as options[1 + cast(floor(draw(about, what) * len(options)) as integer)];
create macro days_ago(days) as timestamp '2026-05-01 06:00:00' - to_seconds(cast(floor(days * 86400) as bigint));

create table persons as
select
    person,
    pick(person, 'first name', ['Anna', 'Ben', 'Carla', 'David', 'Elif', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jan', 'Karin',
        'Luca', 'Mia', 'Noah', 'Olga', 'Paul', 'Rosa', 'Sven', 'Tina', 'Uwe', 'Vera', 'Wim', 'Yara', 'Zoe']) as first_name,
    pick(person, 'last name', ['Adler', 'Berg', 'Costa', 'Dahl', 'Engel', 'Fuchs', 'Garcia', 'Huber', 'Iversen', 'Jansen',
        'Klein', 'Lopez', 'Meyer', 'Novak', 'Olsen', 'Peters', 'Quinn', 'Rossi', 'Silva', 'Thomas', 'Urban', 'Vogel',
        'Weber', 'Young', 'Ziegler']) as last_name,
    'person' || person || '@made-up.example' as email,
    '+49 30 ' || cast(10000000 + person as varchar) as phone,
    date '1945-01-01' + cast(floor(draw(person, 'birth') * 22000) as integer) as birth_date,
    pick(person, 'country', ['DE', 'DE', 'DE', 'AT', 'CH', 'FR', 'US', 'GB']) as country,
    365 * draw(person, 'joined') as joined_days_ago,
    least(300, floor(tail(person, 'orders', 5.6, 1.0))) as orders,
    least(2000, floor(tail(person, 'visits', 20, 1.2))) as visits,
    least(200, floor(tail(person, 'mails', 7, 0.6))) as mails,
    floor(draw(person, 'taste') * 40) as taste,
    draw(person, 'systems') as systems
from range(1, getvariable('profiles') + 1) as people (person);

create table accounts as
select
    person,
    system,
    system || '-' || person as source_customer_id
from persons
cross join (values ('shop', 0.0), ('crm', 0.75), ('pos', 0.95)) as systems (system, from_draw)
where persons.systems >= systems.from_draw;

create table customers as
select
    accounts.system as source_system,
    accounts.source_customer_id,
    case
        when accounts.system = 'pos' and draw(person, 'till address') < 0.5 then null
        when accounts.system = 'crm' then upper(left(email, 1)) || substr(email, 2)
        else email
    end as email,
    case when accounts.system <> 'shop' or draw(person, 'phone') < 0.5 then phone end as phone,
    first_name,
    last_name,
    case when draw(person, 'birthday') < 0.6 then birth_date end as birth_date,
    country,
    case when country in ('DE', 'AT', 'CH') then 'de' else 'en' end as language,
    days_ago(joined_days_ago) as created_at,
    days_ago(joined_days_ago * draw(source_customer_id, 'updated')) as updated_at
from accounts
inner join persons using (person)
order by source_system, source_customer_id;

create table products as
select
    'p' || product as product_id,
    pick(product, 'adjective', ['Plain', 'Blue', 'Soft', 'Bright', 'Large', 'Small', 'Warm', 'Light', 'Round', 'Fine'])
        || ' thing ' || product as title,
    'Brand ' || cast(floor(60 * draw(product, 'brand') ** 2) as integer) as brand,
    'Category ' || product % 40 as category,
    'Range ' || product % 160 as subcategory,
    round(tail(product, 'price', 30, 0.8), 2) as price,
    'EUR' as currency,
    'https://shop.made-up.example/p/' || product as url,
    'https://shop.made-up.example/i/' || product || '.jpg' as image_url,
    draw(product, 'available') < 0.93 as is_available,
    days_ago(365 + 500 * draw(product, 'created')) as created_at,
    days_ago(360 * draw(product, 'updated')) as updated_at
from range(greatest(200, least(20000, getvariable('profiles') // 20))) as catalog (product)
order by product_id;

-- One product in three is what everybody takes, two are to the person's taste; low numbers are popular.
create macro product_for(about, taste) as (
    case
        when draw(about, 'mainstream') < 0.34
            then cast(floor(getvariable('products') * draw(about, 'product') ** 3) as bigint)
        else 40 * cast(floor(getvariable('products') / 40 * draw(about, 'product') ** 3) as bigint) + cast(taste as bigint)
    end
);
set variable products = (select count(*) from products);

create table orders as
select
    'o' || person || '-' || number as order_id,
    'shop' as source_system,
    case when draw((person, number), 'guest') < 0.9 then 'shop-' || person end as source_customer_id,
    email,
    days_ago(joined_days_ago * draw((person, number), 'ordered')) as ordered_at,
    case when draw((person, number), 'cancelled') < 0.03 then 'cancelled' else 'completed' end as status,
    'EUR' as currency,
    person,
    number
from persons, range(cast(orders as bigint)) as numbers (number)
order by order_id;

create table order_lines as
select
    order_id,
    line + 1 as line_number,
    'p' || least(product_for((orders.person, number, line), persons.taste), getvariable('products') - 1) as product_id,
    case
        when draw((orders.person, number, line), 'returned') < 0.04 then -1
        else 1 + cast(floor(3 * draw((orders.person, number, line), 'quantity') ** 3) as integer)
    end as quantity
from orders
inner join persons using (person), range(1 + cast(floor(4 * draw((orders.person, number), 'lines')) as bigint)) as lines (line)
order by order_id, line_number;

create table priced_lines as
select
    order_lines.*,
    products.price as unit_price,
    cast(null as double) as discount_amount
from order_lines
inner join products using (product_id)
order by order_id, line_number;

create table web_events as
select
    'w' || person || '-' || number as event_id,
    days_ago(joined_days_ago * draw((person, number), 'visited') ** 1.5) as occurred_at,
    pick((person, number), 'event', ['page_view', 'page_view', 'product_view', 'product_view', 'product_view',
        'product_view', 'category_view', 'search', 'add_to_cart', 'remove_from_cart', 'checkout_start']) as event_type,
    'cookie-' || person || '-' || cast(floor(2 * draw((person, number), 'device') ** 2) as integer) as anonymous_id,
    case when draw((person, number), 'logged in') < 0.4 then 'shop' end as source_system,
    case when draw((person, number), 'logged in') < 0.4 then 'shop-' || person end as source_customer_id,
    's' || person || '-' || number // 5 as session_id,
    'p' || least(product_for((person, number, 'web'), taste), getvariable('products') - 1) as product_id,
    case when draw((person, number), 'robot') < 0.01 then 'Mozilla/5.0 (compatible; MadeUpBot/1.0)' else 'Mozilla/5.0' end
        as user_agent
from persons, range(cast(visits as bigint)) as numbers (number)
order by event_id;

create table email_events as
with

sends as (

    select
        person,
        number,
        email,
        days_ago(joined_days_ago * draw((person, number), 'sent')) as sent_at,
        draw((person, number), 'reaction') as reaction
    from persons, range(cast(mails as bigint)) as numbers (number)

),

events as (

    select *, 'send' as event_type, sent_at as occurred_at from sends
    union all
    select *, 'open', sent_at + to_seconds(cast(20000 * draw((person, number), 'opened') as bigint)) from sends
    where reaction < 0.35
    union all
    select *, 'click', sent_at + to_seconds(cast(20000 + 100 * draw((person, number), 'clicked') as bigint)) from sends
    where reaction < 0.08
    union all
    select *, pick((person, number), 'trouble', ['soft_bounce', 'soft_bounce', 'hard_bounce', 'unsubscribe', 'unsubscribe',
        'complaint']), sent_at + interval 1 minute
    from sends
    where reaction > 0.994

)

select
    'e' || person || '-' || number || '-' || event_type as event_id,
    occurred_at,
    event_type,
    email,
    'campaign-' || strftime(sent_at, '%G-%V') as campaign_id,
    'm' || person || '-' || number as message_id
from events
order by event_id;

create table consent_events as
with

decisions as (

    select person, 'marketing' as purpose, 'granted' as status, joined_days_ago as days
    from persons
    where draw(person, 'marketing') < 0.85
    union all
    select person, 'personalization', 'granted', joined_days_ago
    from persons
    where draw(person, 'marketing') < 0.85 and draw(person, 'personalization') < 0.85
    union all
    select person, 'marketing', 'withdrawn', joined_days_ago * draw(person, 'withdrawn')
    from persons
    where draw(person, 'marketing') < 0.04

)

select
    'c' || person || '-' || purpose || '-' || status as event_id,
    days_ago(days) as occurred_at,
    'shop' as source_system,
    'shop-' || person as source_customer_id,
    'email' as channel,
    purpose,
    status,
    'consent' as lawful_basis,
    'made up for the benchmark' as collected_via
from decisions
order by event_id;

create table privacy_requests as
select
    'r' || person as request_id,
    days_ago(joined_days_ago * draw(person, 'request')) as requested_at,
    pick(person, 'request', ['erasure', 'access', 'restriction', 'objection']) as request_type,
    'shop' as source_system,
    'shop-' || person as source_customer_id
from persons
where draw(person, 'asks') < 0.004
order by request_id;
