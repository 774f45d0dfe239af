from tests.bench.measure import Group

GROUP = Group()
