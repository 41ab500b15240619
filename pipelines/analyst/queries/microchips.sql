-- Microchips (8542): what Kazakhstan bought, what went on to Russia, and how far that grew.
-- "70 times" in the press is growth, with its range: both figures are rounded in the text that prints them.
select
    year,
    round(imports_usd / 1e6, 3) as bought,
    round(exports_usd / 1e6, 3) as sent_to_russia,
    round(growth_low, 1) as growth_low,
    round(growth, 1) as growth,
    round(growth_high, 1) as growth_high,
    round(ceiling_usd / 1e6, 2) as most_that_was_passed_on,
    round(marginal_pass_through, 2) as added_out_over_added_in
from mart.pass_through
where hub = 'KAZ' and destination = 'RUS' and product = '8542'
order by year
