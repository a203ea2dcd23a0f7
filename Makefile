# `make X` is `python3 dev.py X`; with arguments: make test ARGS="-k calendar"
.DEFAULT_GOAL := help
%: always
	@python3 dev.py $@ $(ARGS)
always Makefile: ;
