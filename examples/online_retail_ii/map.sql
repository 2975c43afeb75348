-- Online Retail II as input tables of personalize. README.md says why each line becomes what it becomes.
-- `source_lines` is the file, with file_row_number; every table below is written to <folder>/<table>.parquet.

create table lines as
select
    invoice as order_id,
    row_number() over (partition by invoice order by file_row_number) as line_number,
    upper(trim(stock_code)) as stock_code,
    regexp_replace(trim(description), '\s+', ' ', 'g') as description,
    quantity,
    cast(price as decimal(18, 4)) as price,
    cast(customer_id as varchar) as customer_id,
    country,
    invoice_date,
    case
        when sheet = '2009-2010' and invoice_date >= '2010-12-01' then 'in both sheets'
        when invoice like 'A%' then 'bad debt'
        when price = 0 and customer_id is null then 'stock correction'
        when regexp_full_match(upper(trim(stock_code)), '[0-9]{5}[A-Z]{0,2}|DCGS.+|SP[0-9]+') then 'goods'
        else 'charge'
    end as kind
from source_lines;

create table country_codes as
select *
from (
    values
        ('Australia', 'AU'), ('Austria', 'AT'), ('Bahrain', 'BH'), ('Belgium', 'BE'), ('Bermuda', 'BM'),
        ('Brazil', 'BR'), ('Canada', 'CA'), ('Channel Islands', 'JE'), ('Cyprus', 'CY'),
        ('Czech Republic', 'CZ'), ('Denmark', 'DK'), ('EIRE', 'IE'), ('Finland', 'FI'), ('France', 'FR'),
        ('Germany', 'DE'), ('Greece', 'GR'), ('Hong Kong', 'HK'), ('Iceland', 'IS'), ('Israel', 'IL'),
        ('Italy', 'IT'), ('Japan', 'JP'), ('Korea', 'KR'), ('Lebanon', 'LB'), ('Lithuania', 'LT'),
        ('Malta', 'MT'), ('Netherlands', 'NL'), ('Nigeria', 'NG'), ('Norway', 'NO'), ('Poland', 'PL'),
        ('Portugal', 'PT'), ('RSA', 'ZA'), ('Saudi Arabia', 'SA'), ('Singapore', 'SG'), ('Spain', 'ES'),
        ('Sweden', 'SE'), ('Switzerland', 'CH'), ('Thailand', 'TH'), ('USA', 'US'),
        ('United Arab Emirates', 'AE'), ('United Kingdom', 'GB')
) as codes (name, code);

create table orders as
select
    order_id,
    'online_retail' as source_system,
    min(customer_id) as source_customer_id,
    min(invoice_date) as ordered_at,
    case when order_id like 'C%' then 'returned' else 'completed' end as status,
    'GBP' as currency,
    sum(quantity * price) as total_amount
from lines
where kind in ('goods', 'charge')
group by order_id
order by order_id;

create table order_lines as
select
    order_id,
    line_number,
    stock_code as product_id,
    quantity,
    price as unit_price
from lines
where kind = 'goods'
order by order_id, line_number;

-- One version where a customer is first seen and one whenever the country changes.
create table customers as
with

countries as (

    select distinct
        lines.customer_id,
        min(lines.invoice_date) over (partition by lines.customer_id) as created_at,
        lines.invoice_date as updated_at,
        country_codes.code as country
    from lines
    left join country_codes
        on lines.country = country_codes.name
    where lines.kind <> 'in both sheets' and lines.customer_id is not null

)

select
    'online_retail' as source_system,
    customer_id as source_customer_id,
    'customer-' || customer_id || '@made-up.example' as email,
    country,
    created_at,
    updated_at
from countries
qualify updated_at = created_at
    or country is distinct from lag(country) over (partition by customer_id order by updated_at, country)
order by customer_id, updated_at;

-- What a shop could have known on the first of each month: the typical price and title of the last month with a sale.
create table products as
with

sales as (

    select *
    from lines
    where kind = 'goods' and quantity > 0 and price > 0 and description is not null

),

first_sales as (

    select
        stock_code,
        min(invoice_date) as created_at,
        arg_min(description, (invoice_date, order_id, line_number)) as title,
        arg_min(price, (invoice_date, order_id, line_number)) as price
    from sales
    group by stock_code

),

monthly_sales as (

    select
        stock_code,
        date_trunc('month', invoice_date) + interval 1 month as known_from,
        max(invoice_date) as last_sold_at,
        quantile_disc(price, 0.5) as price
    from sales
    group by stock_code, known_from

),

monthly_titles as (

    select
        stock_code,
        date_trunc('month', invoice_date) + interval 1 month as known_from,
        description as title
    from sales
    group by stock_code, known_from, title
    qualify row_number() over (partition by stock_code, known_from order by count(*) desc, title) = 1

),

calendar as (

    select unnest(range(timestamp '2010-01-01', timestamp '2012-01-02', interval 1 month)) as known_from

),

versions as (

    select
        stock_code,
        created_at,
        created_at as updated_at,
        title,
        price,
        true as is_available
    from first_sales
    union all
    select
        first_sales.stock_code,
        first_sales.created_at,
        calendar.known_from as updated_at,
        last_value(monthly_titles.title ignore nulls) over so_far as title,
        last_value(monthly_sales.price ignore nulls) over so_far as price,
        max(monthly_sales.last_sold_at) over so_far >= calendar.known_from - interval 3 month as is_available
    from first_sales
    inner join calendar
        on first_sales.created_at < calendar.known_from
    left join monthly_sales
        on first_sales.stock_code = monthly_sales.stock_code and calendar.known_from = monthly_sales.known_from
    left join monthly_titles
        on first_sales.stock_code = monthly_titles.stock_code and calendar.known_from = monthly_titles.known_from
    window so_far as (partition by first_sales.stock_code order by calendar.known_from)

)

select
    stock_code as product_id,
    upper(left(title, 1)) || lower(substr(title, 2)) as title,
    price,
    'GBP' as currency,
    is_available,
    created_at,
    updated_at
from versions
qualify row(title, price, is_available) is distinct from
    lag(row(title, price, is_available)) over (partition by stock_code order by updated_at)
order by product_id, updated_at;

-- Consent is made up: drawn from the customer's number, so that it is the same every time.
create table consent_events as
with

draws as (

    select
        source_customer_id,
        min(created_at) as created_at,
        min(('0x' || left(md5('marketing|' || source_customer_id), 8))::bigint / 4294967296.0) as marketing,
        min(('0x' || left(md5('personalization|' || source_customer_id), 8))::bigint / 4294967296.0)
            as personalization,
        min(('0x' || left(md5('withdrawal|' || source_customer_id), 8))::bigint / 4294967296.0) as withdrawal
    from customers
    group by source_customer_id

),

decisions as (

    select source_customer_id, 'marketing' as purpose, 'granted' as status, created_at as occurred_at
    from draws
    where marketing < 0.9
    union all
    select source_customer_id, 'personalization', 'granted', created_at
    from draws
    where marketing < 0.9 and personalization < 0.8
    union all
    select source_customer_id, 'marketing', 'withdrawn', created_at + to_days(cast(withdrawal * 5000 as integer) + 7)
    from draws
    where marketing < 0.9 and withdrawal < 0.06

)

select
    'made-up-' || source_customer_id || '-' || purpose || '-' || status as event_id,
    occurred_at,
    'online_retail' as source_system,
    source_customer_id,
    'email' as channel,
    purpose,
    status,
    'consent' as lawful_basis,
    'made up for this example' as collected_via
from decisions
order by event_id;
